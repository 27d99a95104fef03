package dev.sallyport.plugins.validation;

import com.networknt.schema.regex.RegularExpressions;
import java.util.Locale;
import java.util.regex.PatternSyntaxException;

/**
 * Writes a pattern of ECMA-262 (with its flag {@code u}) in the words of RE2/J and of the JDK, which differ from it in what
 * a dot, a dollar, white space and brackets mean.
 *
 * @param text the pattern for both
 * @param needsBacktracking whether only the JDK has what it uses: it looks around, refers back, or repeats very often
 */
record EcmaPattern(String text, boolean needsBacktracking) {

    /** RE2/J refuses more repetitions than that. */
    private static final int MOST_REPETITIONS = 1_000;

    private static final String SPACE = "\\t\\n"
            + "\\x0B\\f\\r"
            + " \\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}\\x{FEFF}";
    private static final String NO_SPACE =
            "\\x00-\\x08\\x0E-\\x1F!-\\x{9F}\\x{A1}-\\x{167F}\\x{1681}-\\x{1FFF}\\x{200B}-\\x{2027}\\x{202A}-\\x{202E}"
                    + "\\x{2030}-\\x{205E}\\x{2060}-\\x{2FFF}\\x{3001}-\\x{FEFE}\\x{FF00}-\\x{10FFFF}";
    private static final String ANY = "[^\\n\\r\\x{2028}\\x{2029}]";

    /**
     * Translates.
     *
     * @param strict whether what only other dialects know, such as {@code \A}, is refused
     * @throws PatternSyntaxException where it is no such pattern
     */
    static EcmaPattern of(String pattern, boolean strict) {
        return new Translation(RegularExpressions.replaceLongformCharacterProperties(pattern), strict).run();
    }

    private static final class Translation {

        private final String in;
        private final boolean strict;
        private final StringBuilder out = new StringBuilder();
        private boolean backtracks;
        private int at;

        Translation(String in, boolean strict) {
            this.in = in;
            this.strict = strict;
        }

        EcmaPattern run() {
            while (at < in.length()) {
                char c = in.charAt(at);
                switch (c) {
                    case '\\' -> escape(false);
                    case '[' -> set();
                    case '.' -> {
                        out.append(ANY);
                        at++;
                    }
                    case '$' -> {
                        out.append("\\z");
                        at++;
                    }
                    case '(' -> group();
                    case '{' -> repetition();
                    default -> {
                        out.append(c);
                        at++;
                    }
                }
            }
            return new EcmaPattern(out.toString(), backtracks);
        }

        private void group() {
            if (in.startsWith("(?", at) && at + 2 < in.length()) {
                char kind = in.charAt(at + 2);
                boolean behind =
                        kind == '<' && at + 3 < in.length() && (in.charAt(at + 3) == '=' || in.charAt(at + 3) == '!');
                if (kind == '=' || kind == '!' || behind) {
                    backtracks = true;
                } else if (kind == '<') {
                    int end = in.indexOf('>', at);
                    if (end < 0) {
                        throw new PatternSyntaxException("a group's name without end", in, at);
                    }
                    // RE2/J knows fewer names, and one that nobody refers to is of no use.
                    out.append(in.contains("\\k<") ? in.substring(at, end + 1) : "(");
                    at = end + 1;
                    return;
                } else if (strict && kind != ':') {
                    throw new PatternSyntaxException("an unknown group", in, at);
                }
            }
            out.append('(');
            at++;
        }

        private void repetition() {
            int end = in.indexOf('}', at);
            String inside = end < 0 ? "" : in.substring(at + 1, end);
            if (!inside.matches("\\d{1,9}(,(\\d{1,9})?)?")) {
                out.append("\\{");
                at++;
                return;
            }
            for (String number : inside.split(",", 2)) {
                backtracks |= !number.isEmpty() && Integer.parseInt(number) > MOST_REPETITIONS;
            }
            out.append(in, at, end + 1);
            at = end + 1;
        }

        private void set() {
            boolean negated = in.startsWith("[^", at);
            int start = at + (negated ? 2 : 1);
            if (start < in.length() && in.charAt(start) == ']') {
                out.append(negated ? "[\\x00-\\x{10FFFF}]" : "[^\\x00-\\x{10FFFF}]");
                at = start + 1;
                return;
            }
            out.append(negated ? "[^" : "[");
            at = start;
            while (at < in.length() && in.charAt(at) != ']') {
                char c = in.charAt(at);
                if (c == '\\') {
                    boolean many = at + 1 < in.length() && "dDwWsSpP".indexOf(in.charAt(at + 1)) >= 0;
                    escape(true);
                    if (many && at < in.length() && in.charAt(at) == '-') {
                        // No range begins with many characters, so browsers take the hyphen for itself.
                        out.append("\\-");
                        at++;
                    }
                } else {
                    if (c == '[' || c == '&' || c == '~' || c == '^') {
                        out.append('\\');
                    }
                    out.append(c);
                    at++;
                }
            }
            if (at == in.length()) {
                throw new PatternSyntaxException("a bracket without end", in, at);
            }
            out.append(']');
            at++;
        }

        private void escape(boolean inSet) {
            if (at + 1 == in.length()) {
                throw new PatternSyntaxException("a backslash at the end", in, at);
            }
            char c = in.charAt(at + 1);
            int next = at + 2;
            switch (c) {
                case 'd', 'D', 'w', 'W', 't', 'n', 'r', 'f' -> out.append('\\').append(c);
                case 's' -> out.append(inSet ? SPACE : "[" + SPACE + "]");
                case 'S' -> out.append(inSet ? NO_SPACE : "[" + NO_SPACE + "]");
                case 'v' -> out.append("\\x0B");
                case '0' -> {
                    int end = at + 2;
                    while (end < in.length() && end < at + 4 && in.charAt(end) >= '0' && in.charAt(end) <= '7') {
                        end++;
                    }
                    literal(Integer.parseInt(in.substring(at + 1, end), 8));
                    next = end;
                }
                case 'b', 'B' -> out.append(inSet ? "\\x08" : "\\" + c);
                case 'c' -> next = control();
                case 'x' -> next = hexadecimal(2);
                case 'u' -> next = unicode();
                case 'p', 'P' -> next = property();
                case 'k' -> {
                    backtracks = true;
                    next = in.indexOf('>', at) + 1;
                    if (inSet || !in.startsWith("<", at + 2) || next == 0) {
                        throw new PatternSyntaxException("\\k without <…>", in, at);
                    }
                    out.append(in, at, next);
                }
                case 'A', 'Z', 'z' -> {
                    if (strict || inSet) {
                        throw new PatternSyntaxException("\\" + c + " is not of ECMA-262", in, at);
                    }
                    out.append(c == 'A' ? "\\A" : "\\z");
                }
                default -> {
                    if (c >= '1' && c <= '9') {
                        backtracks = true;
                        out.append('\\').append(c);
                    } else if (Character.isLetter(c) && (strict || c < 128)) {
                        throw new PatternSyntaxException("\\" + c + " is not of ECMA-262", in, at);
                    } else {
                        literal(c);
                    }
                }
            }
            at = next;
        }

        private int control() {
            if (at + 2 >= in.length() || !Character.isLetter(in.charAt(at + 2))) {
                throw new PatternSyntaxException("\\c without a letter", in, at);
            }
            literal(in.charAt(at + 2) % 32);
            return at + 3;
        }

        private int hexadecimal(int digits) {
            literal(code(at + 2, digits));
            return at + 2 + digits;
        }

        private int unicode() {
            if (in.startsWith("{", at + 2)) {
                int end = in.indexOf('}', at);
                if (end < 0) {
                    throw new PatternSyntaxException("\\u{ without end", in, at);
                }
                literal(code(at + 3, end - at - 3));
                return end + 1;
            }
            int code = code(at + 2, 4);
            if (Character.isHighSurrogate((char) code) && in.startsWith("\\u", at + 6)) {
                int low = code(at + 8, 4);
                if (Character.isLowSurrogate((char) low)) {
                    literal(Character.toCodePoint((char) code, (char) low));
                    return at + 12;
                }
            }
            literal(code);
            return at + 6;
        }

        private int code(int from, int digits) {
            try {
                int code = Integer.parseInt(in.substring(from, from + digits), 16);
                if (Character.isValidCodePoint(code)) {
                    return code;
                }
            } catch (IndexOutOfBoundsException | NumberFormatException notDigits) {
                // told below
            }
            throw new PatternSyntaxException("hexadecimal digits are missing", in, at);
        }

        private int property() {
            int end = in.startsWith("{", at + 2) ? in.indexOf('}', at) : -1;
            if (end < 0) {
                throw new PatternSyntaxException("\\p without {…}", in, at);
            }
            String name = in.substring(at + 3, end);
            int equals = name.indexOf('=');
            String value = equals < 0 ? name : name.substring(equals + 1);
            boolean script = equals > 0
                    && !name.substring(0, equals).toLowerCase(Locale.ROOT).startsWith("g");
            // RE2/J has scripts by their bare names, the JDK by "Is".
            if (script) {
                out.append('\\')
                        .append(in.charAt(at + 1))
                        .append("{Is")
                        .append(value)
                        .append('}');
                backtracks = true;
            } else {
                out.append('\\')
                        .append(in.charAt(at + 1))
                        .append('{')
                        .append(value)
                        .append('}');
            }
            return end + 1;
        }

        private void literal(int code) {
            boolean plain = code < 128 && Character.isLetterOrDigit(code);
            if (plain || code == '_' || code == ' ') {
                out.append((char) code);
            } else if (code < 128 && code > ' ') {
                out.append('\\').append((char) code);
            } else {
                out.append(String.format("\\x{%X}", code));
            }
        }
    }
}
