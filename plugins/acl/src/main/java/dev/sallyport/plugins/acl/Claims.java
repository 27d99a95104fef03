package dev.sallyport.plugins.acl;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a token, as a step before has left them.
 *
 * @param object JSON values by name; empty where there is no token
 */
record Claims(Map<?, ?> object) {

    /** {@code scope} is a text with spaces (RFC 8693 §4.2); some providers send a list, or call it {@code scp}. */
    List<String> scopes() {
        return Stream.of("scope", "scp")
                .flatMap(claim -> texts(object.get(claim)).stream())
                .flatMap(text -> Arrays.stream(text.split(" ")))
                .toList();
    }

    /** The values of a claim: under its name, or else under a path of names with dots, {@code realm_access.roles}. */
    List<String> texts(String claim) {
        return texts(find(object, claim));
    }

    /** A text, number or boolean as the only text, those of a list each; nothing for all else. */
    static List<String> texts(@Nullable Object value) {
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

    private static @Nullable Object find(Map<?, ?> object, String path) {
        Object direct = object.get(path);
        int dot = path.indexOf('.');
        if (direct != null || dot < 0) {
            return direct;
        }
        return object.get(path.substring(0, dot)) instanceof Map<?, ?> inner
                ? find(inner, path.substring(dot + 1))
                : null;
    }
}
