package dev.sallyport.plugins.analytics;

import dev.sallyport.api.config.ConfigException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which requests are meant, and what they are told apart by.
 *
 * @param only values that they have
 * @param by what makes the groups
 */
record Filtered(Map<Dimension, String> only, Set<Dimension> by) {

    /** @throws ConfigException where a value cannot be any request's */
    static Filtered of(Given given) {
        Map<Dimension, String> only = new EnumMap<>(Dimension.class);
        for (Dimension each : Dimension.values()) {
            String value = given.text(each.toString());
            if (value != null) {
                each.check(value);
                only.put(each, value);
            }
        }
        return new Filtered(only, given.words("groupBy", Dimension.class));
    }

    boolean has(Key key) {
        for (Map.Entry<Dimension, String> each : only.entrySet()) {
            if (!each.getKey().of(key).equals(each.getValue())) {
                return false;
            }
        }
        return true;
    }

    List<String> group(Key key) {
        List<String> values = new ArrayList<>(by.size());
        by.forEach(dimension -> values.add(dimension.of(key)));
        return values;
    }
}
