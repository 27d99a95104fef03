package dev.sallyport.plugins.cache;

import dev.sallyport.api.Headers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.greenbytes.http.sfv.BooleanItem;
import org.greenbytes.http.sfv.Dictionary;
import org.greenbytes.http.sfv.IntegerItem;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.Parser;
import org.greenbytes.http.sfv.StringItem;
import org.jspecify.annotations.Nullable;

/**
 * What {@code Cache-Control} says (RFC 9111 §5.2), or {@code CDN-Cache-Control} in its place (RFC 9213). Of a directive that
 * stands twice the first one counts. Immutable.
 */
final class Directives {

    /** The largest time that is told apart (RFC 9111 §1.2.2). */
    static final long LONGEST_SECONDS = 1L << 31;

    private static final Directives NONE = new Directives(Map.of(), false);

    /** By name in lower case; {@code ""} without an argument. */
    private final Map<String, String> arguments;

    private final boolean targeted;

    private Directives(Map<String, String> arguments, boolean targeted) {
        this.arguments = arguments;
        this.targeted = targeted;
    }

    /** Where nothing is said. */
    static Directives none() {
        return NONE;
    }

    /** Those of a request: {@code Pragma: no-cache} counts where there is no {@code Cache-Control}. */
    static Directives ofRequest(Headers headers) {
        if (headers.has("cache-control")) {
            return new Directives(parse(headers.all("cache-control")), false);
        }
        String pragma = headers.get("pragma");
        return pragma != null && parse(headers.all("pragma")).containsKey("no-cache")
                ? new Directives(Map.of("no-cache", ""), false)
                : NONE;
    }

    /** Those of a response: a valid targeted field is the only one that counts. */
    static Directives ofResponse(Headers headers) {
        List<String> targeted = headers.all("cdn-cache-control");
        if (!targeted.isEmpty()) {
            Map<String, String> arguments = structured(targeted);
            if (arguments != null && !arguments.isEmpty()) {
                return new Directives(arguments, true);
            }
        }
        return headers.has("cache-control") ? new Directives(parse(headers.all("cache-control")), false) : NONE;
    }

    /** Null where it is no dictionary: then it is as if it were not there. */
    private static @Nullable Map<String, String> structured(List<String> values) {
        try {
            Dictionary dictionary = new Parser(values).parseDictionary();
            Map<String, String> arguments = new HashMap<>();
            for (Map.Entry<String, ListElement<?>> member : dictionary.get().entrySet()) {
                String argument = switch (member.getValue()) {
                    case BooleanItem item -> item.get() ? "" : null;
                    case IntegerItem item -> Long.toString(item.getAsLong());
                    case StringItem item -> isListOfFields(member.getKey()) ? item.get() : null;
                    default -> member.getValue().serialize();
                };
                if (argument != null) {
                    arguments.put(member.getKey(), argument);
                }
            }
            return arguments;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Those whose argument is a text; a number that stands in quotes is none (RFC 9213 §2.1). */
    private static boolean isListOfFields(String directive) {
        return directive.equals("no-cache") || directive.equals("private");
    }

    private static Map<String, String> parse(List<String> fields) {
        Map<String, String> arguments = new HashMap<>();
        for (String field : fields) {
            for (String member : split(field)) {
                int equals = member.indexOf('=');
                String name = (equals < 0 ? member : member.substring(0, equals))
                        .strip()
                        .toLowerCase(Locale.ROOT);
                if (!name.isEmpty()) {
                    arguments.putIfAbsent(
                            name,
                            equals < 0
                                    ? ""
                                    : unquoted(member.substring(equals + 1).strip()));
                }
            }
        }
        return arguments;
    }

    /** The members of a list, whose commas in quotes part nothing. */
    static List<String> split(String field) {
        List<String> members = new ArrayList<>(4);
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                members.add(field.substring(start, i).strip());
                start = i + 1;
            }
        }
        members.add(field.substring(start).strip());
        return members;
    }

    private static String unquoted(String text) {
        if (text.length() < 2 || text.charAt(0) != '"' || !text.endsWith("\"")) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 1; i < text.length() - 1; i++) {
            if (text.charAt(i) == '\\' && i < text.length() - 2) {
                i++;
            }
            plain.append(text.charAt(i));
        }
        return plain.toString();
    }

    /** Whether it stands there, with an argument or without. */
    boolean has(String name) {
        return arguments.containsKey(name);
    }

    /** Whether it stands there without naming fields. */
    boolean hasPlain(String name) {
        return "".equals(arguments.get(name));
    }

    /** Whether these are of a targeted field, so that {@code Expires} does not count. */
    boolean isTargeted() {
        return targeted;
    }

    boolean isEmpty() {
        return arguments.isEmpty();
    }

    /** The names of fields that a directive is confined to, in lower case; none where it names none. */
    List<String> fields(String name) {
        String argument = arguments.get(name);
        return argument == null || argument.isEmpty()
                ? List.of()
                : split(argument).stream()
                        .map(field -> field.toLowerCase(Locale.ROOT))
                        .filter(field -> !field.isEmpty())
                        .toList();
    }

    /** The seconds of a directive; null where it does not stand there, {@code broken} where its argument is no number. */
    @Nullable
    Long seconds(String name, long broken) {
        String argument = arguments.get(name);
        return argument == null ? null : number(argument, broken);
    }

    /** A number of seconds, as large as it may be. */
    static long number(String text, long broken) {
        if (text.isEmpty()) {
            return broken;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return broken;
            }
        }
        return text.length() > 10 ? LONGEST_SECONDS : Math.min(LONGEST_SECONDS, Long.parseLong(text));
    }
}
