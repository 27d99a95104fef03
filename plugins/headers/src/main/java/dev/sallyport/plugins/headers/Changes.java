package dev.sallyport.plugins.headers;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Written;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes of header fields, made in this order: {@code remove}, {@code rename}, {@code set}, {@code setIfAbsent},
 * {@code add}; so what one step removes cannot hide what it sets. Names are compared without regard to case.
 *
 * @param condition whether they are made; null for always
 * @param remove names; one that ends in {@code *} stands for all names that begin so
 * @param rename new names by old names
 * @param set values by name
 * @param setIfAbsent values by name
 * @param add values by name
 */
public record Changes(
        @Doc("An expression that must be true, or nothing is changed: response.status >= 500. That of the response is"
                + " judged by the response.")
        @Written("if")
        @Nullable
        ChangeCondition condition,

        @Doc("Names of fields to remove; x-internal-* removes all whose names begin so.")
        List<NamePattern> remove,

        @Doc("New names by old ones; the field takes the place of any that has the new name.")
        Map<String, String> rename,

        @Doc("Fields to set in the place of all of their name; without a value, the field is removed.")
        Map<String, HeaderValue> set,

        @Doc("Fields to set where none of their name is there.")
        Map<String, HeaderValue> setIfAbsent,

        @Doc("Fields to add beside those of their name.") Map<String, HeaderValue> add) {

    /**
     * Keeps copies, in the order that was written.
     *
     * @throws ConfigException where nothing is to be done, or a name is none, or one that only the gateway may set
     */
    public Changes {
        remove = List.copyOf(remove);
        rename = copy(rename);
        set = copy(set);
        setIfAbsent = copy(setIfAbsent);
        add = copy(add);
        if (remove.isEmpty() && rename.isEmpty() && set.isEmpty() && setIfAbsent.isEmpty() && add.isEmpty()) {
            throw new ConfigException("", "nothing to do (expected: remove, rename, set, setIfAbsent or add)");
        }
        check(remove);
        rename.forEach((from, to) -> {
            FieldName.check("rename." + from, from);
            FieldName.check("rename." + from, to);
        });
        check("set", set);
        check("setIfAbsent", setIfAbsent);
        check("add", add);
    }

    /** The first key whose value reads something of the response; null where none does. */
    @Nullable
    String seesResponse() {
        if (condition != null && condition.condition().expression().seesResponse()) {
            return "if";
        }
        for (Map.Entry<String, Map<String, HeaderValue>> values :
                Map.of("set", set, "setIfAbsent", setIfAbsent, "add", add).entrySet()) {
            for (Map.Entry<String, HeaderValue> field : values.getValue().entrySet()) {
                if (field.getValue().template().seesResponse()) {
                    return values.getKey() + "." + field.getKey();
                }
            }
        }
        return null;
    }

    private static void check(List<NamePattern> remove) {
        for (NamePattern name : remove) {
            if (name.isWhole()) {
                FieldName.check("remove", name.toString());
            }
        }
    }

    private static void check(String place, Map<String, ?> fields) {
        fields.keySet().forEach(name -> FieldName.check(place + "." + name, name));
    }

    /** The fields, changed; the same instance where nothing was to be changed. */
    Headers apply(Headers fields, Request request, @Nullable Response response) {
        if (condition != null && !condition.holds(request, response)) {
            return fields;
        }
        Headers changed = fields;
        for (NamePattern name : remove) {
            changed = name.removeFrom(changed);
        }
        for (Map.Entry<String, String> names : rename.entrySet()) {
            changed = renamed(changed, names.getKey(), names.getValue());
        }
        for (Map.Entry<String, HeaderValue> field : set.entrySet()) {
            String value = field.getValue().of(request, response);
            changed = value == null ? changed.without(field.getKey()) : changed.with(field.getKey(), value);
        }
        for (Map.Entry<String, HeaderValue> field : setIfAbsent.entrySet()) {
            String value = changed.has(field.getKey()) ? null : field.getValue().of(request, response);
            changed = value == null ? changed : changed.withAdded(field.getKey(), value);
        }
        for (Map.Entry<String, HeaderValue> field : add.entrySet()) {
            String value = field.getValue().of(request, response);
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
