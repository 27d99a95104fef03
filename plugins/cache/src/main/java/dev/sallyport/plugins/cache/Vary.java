package dev.sallyport.plugins.cache;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * By which fields of requests responses differ (RFC 9111 §4.1). Values are compared in a normal form, so that what means the
 * same is one variant.
 *
 * @param named for some fields, in lower case, the values that are told apart
 */
record Vary(Map<String, List<String>> named) {

    /** Copies the map, with names in lower case. */
    Vary {
        Map<String, List<String>> lower = new HashMap<>();
        named.forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        named = Map.copyOf(lower);
    }

    /** The names that a response varies by, in lower case, sorted, as one text; {@code ""} for none. */
    String names(Headers response) {
        if (!response.has("vary")) {
            return "";
        }
        TreeSet<String> names = new TreeSet<>();
        for (String field : response.all("vary")) {
            for (String name : Directives.split(field)) {
                String lower = name.toLowerCase(Locale.ROOT);
                List<String> values = named.get(lower);
                if (!lower.isEmpty() && (values == null || !values.isEmpty())) {
                    names.add(lower);
                }
            }
        }
        return String.join(",", names);
    }

    /** What a request says under those names. */
    String values(String names, Request request) {
        if (names.isEmpty()) {
            return "";
        }
        StringBuilder values = new StringBuilder();
        for (String name : names.split(",", -1)) {
            values.append(name).append('=');
            List<String> fields = request.headers().all(name);
            values.append(fields.isEmpty() ? "-" : "+" + normal(name, String.join(",", fields)))
                    .append('\n');
        }
        return values.toString();
    }

    private String normal(String name, String value) {
        List<String> told = named.get(name);
        if (told != null) {
            String lower = value.toLowerCase(Locale.ROOT);
            return told.stream()
                    .filter(one -> hasWord(lower, one.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElse("");
        }
        List<String> members = new ArrayList<>();
        boolean lists = name.equals("accept-encoding") || name.equals("accept-language") || name.equals("accept");
        for (String member : Directives.split(value)) {
            if (!member.isEmpty()) {
                members.add(lists ? member.toLowerCase(Locale.ROOT).replaceAll("\\s*([;=])\\s*", "$1") : member);
            }
        }
        if (lists) {
            members.sort(null); // their order says nothing (RFC 9110 §12.4.2): that is what weights are for
        }
        return String.join(",", members);
    }

    /** Whether a word stands in a text, with nothing of a word before and after it. */
    private static boolean hasWord(String text, String word) {
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            boolean begins = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
            int end = at + word.length();
            if (begins && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)))) {
                return true;
            }
        }
        return false;
    }
}
