package dev.sallyport.plugins.validation;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.format.Format;
import com.networknt.schema.utils.RFC5892;
import java.net.IDN;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The formats that the drafts name, made safe for texts of any length: some of the library's patterns go back or deep. */
final class CheckedFormats {

    /** No address, name, date or URI of use is longer. */
    private static final int LONGEST = 8_192;

    private static final Set<String> NAMED = Set.of(
            "date",
            "date-time",
            "duration",
            "email",
            "hostname",
            "idn-email",
            "idn-hostname",
            "ipv4",
            "ipv6",
            "iri",
            "iri-reference",
            "json-pointer",
            "relative-json-pointer",
            "time",
            "uri",
            "uri-reference",
            "uri-template",
            "uuid");

    private static final int LONGEST_HOST_NAME = 253;

    /** RFC 3339, appendix A: no unit is left out between two others. */
    private static final Pattern DURATION =
            Pattern.compile("P(?:\\d++W|(?:\\d++Y(?:\\d++M(?:\\d++D)?)?|\\d++M(?:\\d++D)?|\\d++D)"
                    + "(?:T(?:\\d++H(?:\\d++M(?:\\d++S)?)?|\\d++M(?:\\d++S)?|\\d++S))?"
                    + "|T(?:\\d++H(?:\\d++M(?:\\d++S)?)?|\\d++M(?:\\d++S)?|\\d++S))");

    /** RFC 3986 §3.2, of which the JDK's URI lets a registry-based authority pass that is none. */
    private static final Pattern AUTHORITY =
            Pattern.compile("(?:[^@\\[\\]]*+@)?(?:\\[[^@\\[\\]]++\\]|[^@:\\[\\]]*+)(?::\\d*+)?");

    private static final Pattern EMBEDDED_LEADING_ZERO = Pattern.compile("\\[[^\\]]*[:.]0\\d++(?:\\.|\\])");

    private CheckedFormats() {}

    /** Keeps of a dialect's formats those that the drafts name. */
    static void keep(Map<String, Format> formats) {
        formats.keySet().retainAll(NAMED);
        formats.replaceAll((name, format) -> new Bounded(format));
        formats.put("regex", new Regex());
    }

    private record Bounded(Format format) implements Format {

        @Override
        public String getName() {
            return format.getName();
        }

        @Override
        public boolean matches(ExecutionContext execution, SchemaContext schema, String value) {
            try {
                return value.length() <= LONGEST && format.matches(execution, schema, value) && isMoreThanThat(value);
            } catch (StackOverflowError tooDeep) {
                return false;
            }
        }

        private boolean isMoreThanThat(String value) {
            return switch (format.getName()) {
                case "duration" -> DURATION.matcher(value).matches();
                case "hostname" -> isHostName(value);
                case "idn-hostname" ->
                    value.length() <= LONGEST_HOST_NAME
                            && ".\u3002\uff0e\uff61".indexOf(value.charAt(value.length() - 1)) < 0;
                case "uri", "uri-reference", "iri", "iri-reference" -> hasAuthority(value);
                case "uri-template" -> value.indexOf(' ') < 0;
                default -> true;
            };
        }
    }

    /** What the library does not ask of a text, and the RFC of its format does. */
    private static boolean isHostName(String name) {
        if (name.length() > LONGEST_HOST_NAME) {
            return false;
        }
        for (String label : name.split("\\.", -1)) {
            if (label.startsWith("xn--")) {
                String unicode = IDN.toUnicode(label);
                if (unicode.equals(label) || !RFC5892.isValid(unicode)) {
                    return false;
                }
            } else if (label.startsWith("--", 2)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasAuthority(String uri) {
        int from = uri.indexOf("//");
        int path = uri.indexOf('/');
        if (from < 0 || path < from || (from > 0 && uri.charAt(from - 1) != ':')) {
            return true;
        }
        int end = from + 2;
        while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
            end++;
        }
        String authority = uri.substring(from + 2, end);
        return AUTHORITY.matcher(authority).matches()
                && !(authority.contains(".")
                        && EMBEDDED_LEADING_ZERO.matcher(authority).find());
    }

    /** A pattern that somebody sent is looked at, and never compiled by RE2/J, where repeated repetitions cost memory. */
    private static final class Regex implements Format {

        private static final int LONGEST_REGEX = 1_000;

        @Override
        public String getName() {
            return "regex";
        }

        @Override
        public boolean matches(ExecutionContext execution, SchemaContext schema, String value) {
            try {
                if (value.length() > LONGEST_REGEX) {
                    return false;
                }
                Pattern.compile(EcmaPattern.of(value, true).text());
                return true;
            } catch (PatternSyntaxException | StackOverflowError e) {
                return false;
            }
        }
    }
}
