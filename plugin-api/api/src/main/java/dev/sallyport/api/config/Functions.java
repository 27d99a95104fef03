package dev.sallyport.api.config;

import static dev.sallyport.api.config.Kind.ANY;
import static dev.sallyport.api.config.Kind.BOOLEAN;
import static dev.sallyport.api.config.Kind.LIST;
import static dev.sallyport.api.config.Kind.NUMBER;
import static dev.sallyport.api.config.Kind.TEXT;
import static dev.sallyport.api.config.Kind.TIME;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What expressions can compute, in the style and with the names of CEL. */
final class Functions {

    /** What is made longer than this is absent: a request must not choose how much memory it takes. */
    private static final int LONGEST = 65_536;

    private static final List<Form> ALL = new ArrayList<>();

    static {
        method(TEXT, "startsWith", BOOLEAN, "whether it begins with that", texts(String::startsWith), TEXT);
        method(TEXT, "endsWith", BOOLEAN, "whether it ends with that", texts(String::endsWith), TEXT);
        method(TEXT, "contains", BOOLEAN, "whether that is somewhere in it", texts(String::contains), TEXT);
        constant(
                TEXT,
                "matches",
                BOOLEAN,
                "whether a regular expression (RE2, linear time) matches somewhere in it; anchor it with ^ and $",
                Functions::matches,
                TEXT);
        constant(
                TEXT,
                "inCidr",
                BOOLEAN,
                "whether it is an address in that block: `10.0.0.0/8`, `2001:db8::/32`",
                Functions::inCidr,
                TEXT);
        method(TEXT, "lowerAscii", TEXT, "with A to Z in lower case", text(text -> ascii(text, 'A', 'Z', 32)));
        method(TEXT, "upperAscii", TEXT, "with a to z in upper case", text(text -> ascii(text, 'a', 'z', -32)));
        method(TEXT, "trim", TEXT, "without white space at both ends", text(String::strip));
        method(
                TEXT,
                "replace",
                TEXT,
                "with the second in the place of each of the first",
                Functions::replace,
                TEXT,
                TEXT);
        constant(TEXT, "substring", TEXT, "from that character on, the first is 0", Functions::substring, NUMBER);
        constant(
                TEXT,
                "substring",
                TEXT,
                "up to before the second, or to the end where it is shorter",
                Functions::substring,
                NUMBER,
                NUMBER);
        method(TEXT, "split", LIST, "the texts between those", Functions::split, TEXT);
        method(
                TEXT,
                "sha256",
                TEXT,
                "its hash, in lower-case hexadecimal digits",
                text(text -> Facts.sha256(text.getBytes(StandardCharsets.UTF_8))));
        method(TEXT, "size", NUMBER, "how many characters it has", Functions::size);
        method(LIST, "size", NUMBER, "how many items it has", Functions::size);
        method(LIST, "join", TEXT, "its items with that between", Functions::join, TEXT);
        method(
                ANY,
                "orValue",
                ANY,
                "that where it is absent",
                arguments -> (request, response, groups) -> {
                    Object value = arguments.get(0).of(request, response, groups);
                    return value != null ? value : arguments.get(1).of(request, response, groups);
                },
                ANY);
        time("getFullYear", "the year", ZonedDateTime::getYear);
        time("getMonth", "the month; 0 is January", time -> time.getMonthValue() - 1);
        time("getDate", "the day of the month, from 1", ZonedDateTime::getDayOfMonth);
        time(
                "getDayOfWeek",
                "the day of the week; 0 is Sunday",
                time -> time.getDayOfWeek().getValue() % 7);
        time("getHours", "the hour, 0 to 23", ZonedDateTime::getHour);
        time("getMinutes", "the minute", ZonedDateTime::getMinute);
        function(
                "has",
                BOOLEAN,
                "whether it is there",
                arguments -> (request, response, groups) -> arguments.getFirst().of(request, response, groups) != null,
                ANY);
        function("size", NUMBER, "how many characters or items it has", Functions::size, ANY);
        function(
                "int",
                NUMBER,
                "the whole number that a text is, or the number without its fraction",
                Functions::whole,
                ANY);
        function("double", NUMBER, "the number that a text is", Functions::decimal, ANY);
        function(
                "string",
                TEXT,
                "it as a text",
                arguments -> (request, response, groups) ->
                        Values.text(arguments.getFirst().of(request, response, groups)),
                ANY);
        add(new Form(
                null,
                "timestamp",
                List.of(TEXT),
                true,
                TIME,
                "a time such as `2027-01-31T08:00:00Z`",
                Functions::timestamp));
    }

    private Functions() {}

    /** Makes the value of a call from what it is given: first what it is called on, where it is called on something. */
    @FunctionalInterface
    interface Maker {
        /**
         * Makes it.
         *
         * @throws IllegalArgumentException where a constant cannot be what it is given as; the message is what is expected
         */
        Node.Value of(List<Node> arguments);
    }

    /**
     * One of them.
     *
     * @param on what it is called on; null where it stands alone
     * @param isConstant whether the parameters have to be written out
     */
    record Form(
            @Nullable Kind on,
            String name,
            List<Kind> parameters,
            boolean isConstant,
            Kind result,
            String words,
            Maker maker)
            implements Vocabulary.Function {

        @Override
        public String form() {
            StringBuilder form = new StringBuilder();
            if (on != null) {
                form.append(on.words()).append('.');
            }
            form.append(name).append('(');
            for (int i = 0; i < parameters.size(); i++) {
                form.append(i == 0 ? "" : ", ").append(parameters.get(i).words());
            }
            return form.append(')').toString();
        }

        @Override
        @SuppressWarnings("NullAway") // what is the same for all requests needs none
        public @Nullable Object call(Object... arguments) {
            List<Node> nodes = new ArrayList<>();
            for (Object argument : arguments) {
                nodes.add(Node.constant(ANY, 0, argument));
            }
            return maker.of(nodes).of(null, null, null);
        }
    }

    /** All of them, in the order of the reference. */
    static List<Form> all() {
        return List.copyOf(ALL);
    }

    /** Those of that name, called on something or not. */
    static List<Form> named(String name, boolean method) {
        return ALL.stream()
                .filter(form -> form.name().equals(name) && (form.on() != null) == method)
                .toList();
    }

    private static void add(Form form) {
        ALL.add(form);
    }

    private static void method(Kind on, String name, Kind result, String words, Maker maker, Kind... parameters) {
        add(new Form(on, name, Arrays.asList(parameters), false, result, words, maker));
    }

    private static void constant(Kind on, String name, Kind result, String words, Maker maker, Kind... parameters) {
        add(new Form(on, name, Arrays.asList(parameters), true, result, words, maker));
    }

    private static void function(String name, Kind result, String words, Maker maker, Kind... parameters) {
        add(new Form(null, name, Arrays.asList(parameters), false, result, words, maker));
    }

    private static void time(String name, String words, ToIntFunction<ZonedDateTime> part) {
        Maker maker = arguments -> {
            ZoneId zone = arguments.size() < 2
                    ? ZoneOffset.UTC
                    : zone(String.valueOf(arguments.get(1).constant()));
            Node time = arguments.getFirst();
            return (request, response, groups) -> time.of(request, response, groups) instanceof Instant instant
                    ? (Object) (long) part.applyAsInt(instant.atZone(zone))
                    : null;
        };
        constant(TIME, name, NUMBER, words + ", in UTC", maker);
        constant(TIME, name, NUMBER, "the same in a zone such as `Europe/Berlin`", maker, TEXT);
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a time zone such as Europe/Berlin or +02:00", e);
        }
    }

    private static Maker texts(BiFunction<String, String, Boolean> tell) {
        return arguments -> {
            Node one = arguments.get(0);
            Node other = arguments.get(1);
            return (request, response, groups) -> (one.of(request, response, groups) instanceof String text
                            && other.of(request, response, groups) instanceof String part)
                    ? tell.apply(text, part)
                    : Boolean.FALSE;
        };
    }

    private static Maker text(Function<String, String> change) {
        return arguments -> {
            Node one = arguments.getFirst();
            return (request, response, groups) ->
                    one.of(request, response, groups) instanceof String text ? change.apply(text) : null;
        };
    }

    private static Maker told(Node one, Predicate<String> tell) {
        return arguments -> (request, response, groups) ->
                one.of(request, response, groups) instanceof String text && tell.test(text);
    }

    private static Node.Value matches(List<Node> arguments) {
        String regex = String.valueOf(arguments.get(1).constant());
        Predicate<String> matcher;
        try {
            matcher = Engine.FOUND.compile(regex);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a regular expression of RE2: " + e.getMessage(), e);
        }
        return told(arguments.getFirst(), matcher).of(arguments);
    }

    /** Looked for when the first expression needs it. */
    private static final class Engine {
        static final RegexEngine FOUND = ServiceLoader.load(RegexEngine.class, RegexEngine.class.getClassLoader())
                .findFirst()
                .orElse(regex -> {
                    throw new IllegalArgumentException("none can be compiled here, only in the gateway");
                });
    }

    private static Node.Value inCidr(List<Node> arguments) {
        AddressBlock block = AddressBlock.parse(String.valueOf(arguments.get(1).constant()));
        return told(arguments.getFirst(), block::holds).of(arguments);
    }

    private static String ascii(String text, char first, char last, int by) {
        int i = 0;
        while (i < text.length() && (text.charAt(i) < first || text.charAt(i) > last)) {
            i++;
        }
        if (i == text.length()) {
            return text;
        }
        char[] chars = text.toCharArray();
        for (; i < chars.length; i++) {
            if (chars[i] >= first && chars[i] <= last) {
                chars[i] = (char) (chars[i] + by);
            }
        }
        return new String(chars);
    }

    private static Node.Value replace(List<Node> arguments) {
        return (request, response, groups) -> {
            if (arguments.get(0).of(request, response, groups) instanceof String text
                    && arguments.get(1).of(request, response, groups) instanceof String old
                    && arguments.get(2).of(request, response, groups) instanceof String other) {
                long most = old.isEmpty() ? text.length() + 1L : text.length() / old.length();
                return text.length() + most * Math.max(0, other.length() - old.length()) > LONGEST
                        ? null
                        : text.replace(old, other);
            }
            return null;
        };
    }

    /** Counted in characters as people see them in Unicode, as in CEL; past the end there is nothing. */
    private static Node.Value substring(List<Node> arguments) {
        int from = index(arguments.get(1));
        int to = arguments.size() < 3 ? Integer.MAX_VALUE : index(arguments.get(2));
        if (to < from) {
            throw new IllegalArgumentException("an end that is not before the beginning");
        }
        return text(text -> {
                    int characters = text.codePointCount(0, text.length());
                    int first = text.offsetByCodePoints(0, Math.min(from, characters));
                    return text.substring(first, text.offsetByCodePoints(0, Math.min(to, characters)));
                })
                .of(arguments);
    }

    private static int index(Node node) {
        if (node.constant() instanceof Long index && index >= 0 && index <= LONGEST) {
            return index.intValue();
        }
        throw new IllegalArgumentException("a whole number, 0 or more");
    }

    private static Node.Value split(List<Node> arguments) {
        return (request, response, groups) -> {
            if (arguments.get(0).of(request, response, groups) instanceof String text
                    && arguments.get(1).of(request, response, groups) instanceof String separator) {
                return separator.isEmpty() ? characters(text) : between(text, separator);
            }
            return null;
        };
    }

    private static List<String> between(String text, String separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static List<String> characters(String text) {
        return text.codePoints().mapToObj(Character::toString).toList();
    }

    private static Node.Value join(List<Node> arguments) {
        return (request, response, groups) -> {
            if (arguments.get(0).of(request, response, groups) instanceof List<?> list
                    && arguments.get(1).of(request, response, groups) instanceof String separator) {
                StringBuilder joined = new StringBuilder();
                for (int i = 0; i < list.size(); i++) {
                    String item = Values.text(Values.ofJson(list.get(i)));
                    joined.append(i == 0 ? "" : separator).append(item == null ? "" : item);
                    if (joined.length() > LONGEST) {
                        return null;
                    }
                }
                return joined.toString();
            }
            return null;
        };
    }

    private static Node.Value size(List<Node> arguments) {
        return (request, response, groups) -> switch (arguments.getFirst().of(request, response, groups)) {
            case String text -> (long) text.codePointCount(0, text.length());
            case List<?> list -> (long) list.size();
            case null, default -> null;
        };
    }

    private static Node.Value whole(List<Node> arguments) {
        return (request, response, groups) -> switch (arguments.getFirst().of(request, response, groups)) {
            case Long number -> number;
            case Double number -> Math.abs(number) < 0x1p63 ? (Long) number.longValue() : null;
            case String text -> whole(text);
            case null, default -> null;
        };
    }

    private static @Nullable Long whole(String text) {
        int first = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        if (text.length() == first || text.length() > 20) {
            return null;
        }
        for (int i = first; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return null;
            }
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException beyond) {
            return null;
        }
    }

    private static Node.Value decimal(List<Node> arguments) {
        return (request, response, groups) -> switch (arguments.getFirst().of(request, response, groups)) {
            case Long number -> (Double) number.doubleValue();
            case Double number -> number;
            case String text -> decimal(text);
            case null, default -> null;
        };
    }

    private static @Nullable Double decimal(String text) {
        if (text.isEmpty() || text.length() > 40) {
            return null;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
                return null;
            }
        }
        try {
            double number = Double.parseDouble(text);
            return Double.isFinite(number) ? number : null;
        } catch (NumberFormatException none) {
            return null;
        }
    }

    private static Node.Value timestamp(List<Node> arguments) {
        String text = String.valueOf(arguments.getFirst().constant());
        try {
            Instant instant =
                    OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant();
            return (request, response, groups) -> instant;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a time such as 2027-01-31T08:00:00Z", e);
        }
    }
}
