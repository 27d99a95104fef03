package dev.sallyport.plugins.headers;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.config.Doc;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes of header fields, made in this order: {@code remove}, {@code rename}, {@code set}, {@code setIfAbsent},
 * {@code add}; so what one step removes cannot hide what it sets. Names are compared without regard to case.
 *
 * @param remove names; one that ends in {@code *} stands for all names that begin so
 * @param rename new names by old names
 * @param set values by name
 * @param setIfAbsent values by name
 * @param add values by name
 */
public record Changes(
        @Doc("Names of fields to remove; x-internal-* removes all whose names begin so.")
        List<NamePattern> remove,

        @Doc("New names by old ones; the field takes the place of any that has the new name.")
        Map<String, String> rename,

        @Doc("Fields to set in the place of all of their name; without a value, the field is removed.")
        Map<String, HeaderValue> set,

        @Doc("Fields to set where none of their name is there.")
        Map<String, HeaderValue> setIfAbsent,

        @Doc("Fields to add beside those of their name.") Map<String, HeaderValue> add) {

    /** No change. */
    static final Changes NONE = new Changes(List.of(), Map.of(), Map.of(), Map.of(), Map.of());

    /** Keeps copies, in the order that was written. */
    public Changes {
        remove = List.copyOf(remove);
        rename = copy(rename);
        set = copy(set);
        setIfAbsent = copy(setIfAbsent);
        add = copy(add);
    }

    boolean isEmpty() {
        return remove.isEmpty() && rename.isEmpty() && set.isEmpty() && setIfAbsent.isEmpty() && add.isEmpty();
    }

    /** Refuses names that are no names, and those that only the gateway may set. */
    void check(String place) {
        for (NamePattern name : remove) {
            if (name.isWhole()) {
                FieldName.check(place + ".remove", name.toString());
            }
        }
        rename.forEach((from, to) -> {
            FieldName.check(place + ".rename." + from, from);
            FieldName.check(place + ".rename." + from, to);
        });
        set.keySet().forEach(name -> FieldName.check(place + ".set." + name, name));
        setIfAbsent.keySet().forEach(name -> FieldName.check(place + ".setIfAbsent." + name, name));
        add.keySet().forEach(name -> FieldName.check(place + ".add." + name, name));
    }

    /** The fields, changed; the same instance where nothing was to be changed. */
    Headers apply(Headers fields, Request request) {
        Headers changed = fields;
        for (NamePattern name : remove) {
            changed = name.removeFrom(changed);
        }
        for (Map.Entry<String, String> names : rename.entrySet()) {
            changed = renamed(changed, names.getKey(), names.getValue());
        }
        for (Map.Entry<String, HeaderValue> field : set.entrySet()) {
            String value = field.getValue().of(request);
            changed = value == null ? changed.without(field.getKey()) : changed.with(field.getKey(), value);
        }
        for (Map.Entry<String, HeaderValue> field : setIfAbsent.entrySet()) {
            String value = changed.has(field.getKey()) ? null : field.getValue().of(request);
            changed = value == null ? changed : changed.withAdded(field.getKey(), value);
        }
        for (Map.Entry<String, HeaderValue> field : add.entrySet()) {
            String value = field.getValue().of(request);
            changed = value == null ? changed : changed.withAdded(field.getKey(), value);
        }
        return changed;
    }

    private static Headers renamed(Headers fields, String from, String to) {
        if (!fields.has(from)) {
            return fields;
        }
        Headers.Builder renamed = Headers.builder(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            if (name.equalsIgnoreCase(from)) {
                renamed.add(to, fields.value(i));
            } else if (!name.equalsIgnoreCase(to)) {
                renamed.add(name, fields.value(i));
            }
        }
        return renamed.build();
    }

    private static <V> Map<String, V> copy(Map<String, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
