package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.config.ConfigNode;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.step.ConfigDigest;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Adds all that a record of the configuration says to a digest, wherever it stands in a file. */
final class RecordDigest {

    /** Of the configuration's own records: to ask for them is slow, and of routes there are many. */
    private static final ClassValue<List<Method>> ACCESSORS = new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
            return Stream.of(type.getRecordComponents())
                    .map(RecordComponent::getAccessor)
                    .peek(accessor -> accessor.setAccessible(true))
                    .toList();
        }
    };

    private RecordDigest() {}

    /**
     * Adds a value, and all that is in it but its place.
     *
     * @param without the names of components of it that are left out
     */
    static ConfigDigest add(ConfigDigest digest, @Nullable Object value, Set<String> without) {
        switch (value) {
            case null -> digest.add("none", "");
            case Place place -> {
                // where it stands is no part of what it says
            }
            case ConfigNode node -> digest.add(node);
            case Record record -> components(digest, record, without);
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> sorted = new TreeMap<>();
                map.forEach((key, one) -> sorted.put(String.valueOf(key), one));
                digest.add("map", Integer.toString(sorted.size()));
                sorted.forEach((key, one) -> add(digest.add("key", key), one, Set.of()));
            }
            case Collection<?> list -> {
                digest.add("list", Integer.toString(list.size()));
                list.forEach(one -> add(digest, one, Set.of()));
            }
            default -> digest.add("value", value.toString());
        }
        return digest;
    }

    private static void components(ConfigDigest digest, Record record, Set<String> without) {
        List<Method> components = ACCESSORS.get(record.getClass());
        if (components.isEmpty()) {
            digest.add("value", record.toString()); // a choice without keys
        }
        for (Method component : components) {
            if (!without.contains(component.getName())) {
                add(digest.add("key", component.getName()), value(record, component), Set.of());
            }
        }
    }

    private static @Nullable Object value(Record record, Method component) {
        try {
            return component.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e); // an accessor reads a field
        }
    }
}
