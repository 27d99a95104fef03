package dev.sallyport.plugins.mask;

import dev.sallyport.plugins.mask.Hiding.Pattern;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Hides values in queries and forms; what is not hidden stays as it is written. */
final class Pairs {

    private Pairs() {}

    /** A query without what is hidden. */
    static String query(
            String query, String what, Function<String, @Nullable Style> names, List<Pattern> patterns, Count count) {
        List<String> pairs = new ArrayList<>();
        for (String pair : query.split("&", -1)) {
            String left = pair(pair, what, names, patterns, count);
            if (left != null) {
                pairs.add(left);
            }
        }
        return String.join("&", pairs);
    }

    /** One pair; null where nothing is left of it. */
    static @Nullable String pair(
            String pair, String what, Function<String, @Nullable Style> names, List<Pattern> patterns, Count count) {
        int equals = pair.indexOf('=');
        Style style = names.apply(decoded(equals < 0 ? pair : pair.substring(0, equals)));
        if (style == null && patterns.isEmpty()) {
            return pair;
        }
        String value = decoded(pair.substring(equals + 1));
        if (style != null) {
            count.hidden(what);
            return style.removes() ? null : equals < 0 ? pair : named(pair, equals, style.of(value));
        }
        String searched = TextRewriter.text(value, patterns, count);
        return searched.equals(value) ? pair : named(pair, equals, searched);
    }

    private static String named(String pair, int equals, String value) {
        return pair.substring(0, equals + 1) + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }
}
