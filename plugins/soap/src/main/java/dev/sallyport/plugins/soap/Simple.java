package dev.sallyport.plugins.soap;

import dev.sallyport.xml.MismatchException;
import dev.sallyport.xml.Value;
import dev.sallyport.xml.Value.Arr;
import dev.sallyport.xml.Value.Bool;
import dev.sallyport.xml.Value.Num;
import dev.sallyport.xml.Value.Text;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A type of texts.
 *
 * @param values those that it has; empty for any of its kind
 * @param low the smallest number; null for none
 * @param high the largest number; null for none
 * @param parts of a list, the type of its items; of a union, its types
 */
record Simple(
        Kind kind,
        Set<String> values,
        @Nullable BigInteger low,
        @Nullable BigInteger high,
        List<Simple> parts) implements Type {

    static final Simple STRING = of(Kind.STRING);

    private static final String OTHER = "another text";
    private static final String ZONE = "(?:Z|[+-][01][0-9]:[0-5][0-9])?";
    private static final String DAY = "-?[0-9]{4,9}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
    private static final String CLOCK = "(?:[01][0-9]|2[0-4]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,30})?";

    /** How it is written. */
    enum Kind {
        STRING("a text"),
        TOKEN("a text"),
        BOOLEAN("true or false"),
        INTEGER("a whole number"),
        DECIMAL("a number"),
        DOUBLE("a number, or one of the texts INF, -INF and NaN"),
        DATE_TIME("a date and time such as 2026-01-31T12:00:00Z", DAY + "T" + CLOCK + ZONE),
        DATE("a date such as 2026-01-31", DAY + ZONE),
        TIME("a time such as 12:00:00", CLOCK + ZONE),
        BASE64("base64", "[A-Za-z0-9+/]*={0,2}"),
        HEX("hexadecimal digits, two by two", "(?:[0-9A-Fa-f]{2})*+"),
        QNAME("a name such as {namespace}name"),
        LIST("an array"),
        UNION("a value of one of its types");

        private final String told;
        private final @Nullable Pattern pattern;

        Kind(String told) {
            this.told = told;
            this.pattern = null;
        }

        Kind(String told, String pattern) {
            this.told = told;
            this.pattern = Pattern.compile(pattern);
        }

        /** What is expected, for people. */
        String told() {
            return told;
        }
    }

    static Simple of(Kind kind) {
        return new Simple(kind, Set.of(), null, null, List.of());
    }

    Simple only(Set<String> newValues) {
        return new Simple(kind, newValues, low, high, parts);
    }

    private String expected() {
        return values.isEmpty()
                ? kind.told()
                : values.size() <= 20 ? "one of " + String.join(", ", values) : "one of its values";
    }

    private MismatchException mismatch(String what) {
        String range = low == null && high == null
                ? ""
                : " from " + (low == null ? "any" : low) + " to " + (high == null ? "any" : high);
        return new MismatchException(what + " (expected: " + expected() + range + ")");
    }

    /**
     * The value of a text of XML.
     *
     * @param namespaces what prefixes stand for there
     * @throws MismatchException where it is not of this type
     */
    Value toJson(String xml, UnaryOperator<String> namespaces) throws MismatchException {
        if (kind == Kind.STRING) {
            return new Text(checked(xml, xml));
        }
        String text = kind == Kind.BASE64 ? withoutSpace(xml) : xml.strip();
        return switch (kind) {
            case BOOLEAN ->
                switch (text) {
                    case "true", "1" -> new Bool(true);
                    case "false", "0" -> new Bool(false);
                    default -> throw mismatch(OTHER);
                };
            case INTEGER -> new Num(inRange(Numbers.whole(text), OTHER));
            case DECIMAL -> new Num(number(Numbers.broken(text, false), OTHER));
            case DOUBLE -> isNoNumber(text) ? new Text(text) : new Num(number(Numbers.broken(text, true), OTHER));
            case QNAME -> new Text(clark(text, namespaces));
            case LIST -> {
                List<Value> items = new ArrayList<>();
                for (String item : text.isEmpty() ? new String[0] : text.split("\\s+")) {
                    items.add(parts.getFirst().toJson(item, namespaces));
                }
                yield new Arr(items);
            }
            case UNION -> union(text, namespaces);
            default -> new Text(checked(text, text));
        };
    }

    private Value union(String text, UnaryOperator<String> namespaces) throws MismatchException {
        for (Simple part : parts) {
            try {
                return part.toJson(text, namespaces);
            } catch (MismatchException other) {
                // perhaps the next one
            }
        }
        throw mismatch(OTHER);
    }

    private static String withoutSpace(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ') {
                return text.replaceAll("[ \\t\\r\\n]+", "");
            }
        }
        return text;
    }

    private static boolean isNoNumber(String text) {
        return text.equals("INF") || text.equals("-INF") || text.equals("NaN");
    }

    private String checked(String text, String result) throws MismatchException {
        if (!values.isEmpty() && !values.contains(text)) {
            throw mismatch(OTHER);
        }
        if (kind.pattern != null && !kind.pattern.matcher(text).matches()) {
            throw mismatch(OTHER);
        }
        return result;
    }

    private String number(@Nullable String json, String what) throws MismatchException {
        if (json == null) {
            throw mismatch(what);
        }
        return checked(json, json);
    }

    private String inRange(@Nullable String whole, String what) throws MismatchException {
        String json = number(whole, what);
        if (low != null || high != null) {
            BigInteger value = json.length() < 19 ? BigInteger.valueOf(Long.parseLong(json)) : new BigInteger(json);
            if ((low != null && value.compareTo(low) < 0) || (high != null && value.compareTo(high) > 0)) {
                throw mismatch("a number out of range");
            }
        }
        return json;
    }

    private static String clark(String text, UnaryOperator<String> namespaces) {
        int colon = text.indexOf(':');
        String namespace = namespaces.apply(colon < 0 ? "" : text.substring(0, colon));
        return namespace.isEmpty() ? text.substring(colon + 1) : "{" + namespace + "}" + text.substring(colon + 1);
    }

    /**
     * The text of XML of a value.
     *
     * @param prefixes by namespaces
     * @throws MismatchException where the value is not of this type
     */
    String toXml(Value value, Map<String, String> prefixes) throws MismatchException {
        if (kind == Kind.LIST) {
            StringBuilder list = new StringBuilder();
            for (Value item : value instanceof Arr array ? array.items() : List.of(value)) {
                list.append(list.isEmpty() ? "" : " ").append(parts.getFirst().toXml(item, prefixes));
            }
            return list.toString();
        }
        if (kind == Kind.UNION) {
            for (Simple part : parts) {
                try {
                    return part.toXml(value, prefixes);
                } catch (MismatchException other) {
                    // perhaps the next one
                }
            }
            throw mismatch(value.kind());
        }
        String text = switch (value) {
            case Text string -> string.text();
            case Num number -> number.text();
            case Bool bool -> Boolean.toString(bool.is());
            default -> throw mismatch(value.kind());
        };
        return switch (kind) {
            case STRING, TOKEN -> checked(text, text);
            case BOOLEAN -> {
                if (!text.equals("true") && !text.equals("false")) {
                    throw mismatch(value.kind());
                }
                yield text;
            }
            case INTEGER -> inRange(value instanceof Num ? Numbers.asWhole(text) : Numbers.whole(text), value.kind());
            case DECIMAL ->
                number(value instanceof Num ? Numbers.plain(text) : Numbers.broken(text, false), value.kind());
            case DOUBLE -> isNoNumber(text) ? text : number(Numbers.broken(text, true), value.kind());
            case QNAME -> prefixed(text, prefixes);
            default -> {
                if (!(value instanceof Text)) {
                    throw mismatch(value.kind());
                }
                yield checked(text, text);
            }
        };
    }

    private String prefixed(String clark, Map<String, String> prefixes) throws MismatchException {
        int end = clark.indexOf('}');
        if (!clark.startsWith("{") || end < 0) {
            return clark;
        }
        String prefix = prefixes.get(clark.substring(1, end));
        if (prefix == null) {
            throw new MismatchException("a namespace that is not in the WSDL (expected: one that is)");
        }
        return prefix + ":" + clark.substring(end + 1);
    }
}
