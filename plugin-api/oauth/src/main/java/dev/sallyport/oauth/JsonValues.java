package dev.sallyport.oauth;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON values as the JDK's own types. */
public final class JsonValues {

    private JsonValues() {}

    /**
     * A copy that holds nothing of the parser's classes, unmodifiable: other plugins, which have other class loaders, and
     * may outlive this one, will see it.
     */
    public static Map<String, Object> object(Map<String, ?> parsed) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        parsed.forEach((name, value) -> copy.put(name, value(value)));
        @SuppressWarnings("NullAway") // a claim may be null; for a reader that is as if it were not there
        Map<String, Object> unmodifiable = Collections.unmodifiableMap(copy);
        return unmodifiable;
    }

    /** The value under a name, or else under a path of names with dots: {@code realm_access.roles}. */
    public static @Nullable Object find(Map<?, ?> object, String path) {
        Object direct = object.get(path);
        int dot = path.indexOf('.');
        if (direct != null || dot < 0) {
            return direct;
        }
        return object.get(path.substring(0, dot)) instanceof Map<?, ?> inner
                ? find(inner, path.substring(dot + 1))
                : null;
    }

    /** A text, number or boolean as the only text, those of a list each; nothing for all else. */
    public static List<String> texts(@Nullable Object value) {
        return switch (value) {
            case String text -> List.of(text);
            case Number number -> List.of(number.toString());
            case Boolean bool -> List.of(bool.toString());
            case List<?> list ->
                list.stream()
                        .filter(one -> !(one instanceof List))
                        .flatMap(one -> texts(one).stream())
                        .toList();
            case null, default -> List.of();
        };
    }

    private static @Nullable Object value(@Nullable Object parsed) {
        return switch (parsed) {
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach((name, value) -> copy.put(String.valueOf(name), value(value)));
                yield Collections.unmodifiableMap(copy);
            }
            case List<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>(list.size());
                list.forEach(one -> copy.add(value(one)));
                yield Collections.unmodifiableList(copy);
            }
            case null, default -> parsed;
        };
    }
}
