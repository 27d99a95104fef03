package dev.sallyport.api.config;

import java.util.List;

/** Cuts a text into tokens, one when it is asked for: what a letter is depends on what stands before it. */
final class Lexer {

    /** What a token is. */
    enum Type {
        NAME,
        NUMBER,
        TEXT,
        SIGN,
        END
    }

    /**
     * A token.
     *
     * @param text the name or sign; what is written otherwise
     * @param value of a number or text; else {@code ""}
     */
    record Token(Type type, String text, Object value, int at) {

        boolean is(String sign) {
            return (type == Type.SIGN || type == Type.NAME) && text.equals(sign);
        }
    }

    /** The longer ones first. */
    private static final List<String> SIGNS = List.of(
            "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "?", ":", "(", ")", "[", "]", "{", "}", ",", ".", "-");

    private final String text;
    private final boolean groups;
    private int position;

    /** @param groups whether {@code $1} is a name */
    Lexer(String text, int position, boolean groups) {
        this.text = text;
        this.position = position;
        this.groups = groups;
    }

    int position() {
        return position;
    }

    ExpressionException error(int at, String expected, String mend) {
        return new ExpressionException(text, at, expected, mend);
    }

    /** What stands after a dot: there a hyphen between letters or digits is part of the name. */
    Token member() {
        int at = position;
        int end = at;
        while (end < text.length()
                && (isLetter(text.charAt(end))
                        || (end > at && isDigit(text.charAt(end)))
                        || (end > at && text.charAt(end) == '-' && isWordAt(end + 1)))) {
            end++;
        }
        if (end == at) {
            throw error(at, "a name", "write [\"…\"] around one that does not begin with a letter");
        }
        position = end;
        return new Token(Type.NAME, text.substring(at, end), "", at);
    }

    Token next() {
        while (position < text.length() && isSpace(text.charAt(position))) {
            position++;
        }
        int at = position;
        if (at == text.length()) {
            return new Token(Type.END, "", "", at);
        }
        char c = text.charAt(at);
        boolean raw = (c == 'r' || c == 'R') && at + 1 < text.length() && isQuote(text.charAt(at + 1));
        if (raw || isQuote(c)) {
            position = raw ? at + 1 : at;
            String value = quoted(raw);
            return new Token(Type.TEXT, text.substring(at, position), value, at);
        }
        if (isLetter(c)) {
            while (isWordAt(position)) {
                position++;
            }
            return new Token(Type.NAME, text.substring(at, position), "", at);
        }
        if (groups && c == '$') {
            position++;
            while (position < text.length() && isDigit(text.charAt(position))) {
                position++;
            }
            if (position == at + 1) {
                throw error(at, "the number of a group after $", "write $1 for the first");
            }
            return new Token(Type.NAME, text.substring(at, position), "", at);
        }
        if (isDigit(c)) {
            return number(at);
        }
        for (String sign : SIGNS) {
            if (text.startsWith(sign, at)) {
                position += sign.length();
                return new Token(Type.SIGN, sign, "", at);
            }
        }
        throw error(
                at,
                "a value or an operator",
                switch (c) {
                    case '=' -> "did you mean ==?";
                    case '&' -> "did you mean &&?";
                    case '|' -> "did you mean ||?";
                    case '+', '*', '/', '%' ->
                        "there is no arithmetic; put a name with that sign in quotes: header[\"a" + c + "b\"]";
                    case '~' -> "did you mean .matches(\"…\")?";
                    default -> "put text in quotes";
                });
    }

    private Token number(int at) {
        while (position < text.length() && isDigit(text.charAt(position))) {
            position++;
        }
        boolean whole = true;
        if (position + 1 < text.length() && text.charAt(position) == '.' && isDigit(text.charAt(position + 1))) {
            whole = false;
            position++;
            while (position < text.length() && isDigit(text.charAt(position))) {
                position++;
            }
        }
        if (isWordAt(position)) {
            throw error(at, "a number such as 10 or 0.5", "put text in quotes");
        }
        String written = text.substring(at, position);
        try {
            return new Token(
                    Type.NUMBER, written, whole ? (Object) Long.valueOf(written) : Double.valueOf(written), at);
        } catch (NumberFormatException e) {
            throw error(at, "a number below 2^63", "write a smaller one");
        }
    }

    private String quoted(boolean raw) {
        int at = position;
        char quote = text.charAt(position++);
        StringBuilder value = new StringBuilder();
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (c == quote) {
                return value.toString();
            }
            value.append(c == '\\' && !raw ? escaped() : c);
        }
        throw error(at, quote + " at the end of a text that begins", "close it");
    }

    private char escaped() {
        int at = position - 1;
        char c = position < text.length() ? text.charAt(position++) : 0;
        return switch (c) {
            case '\\', '"', '\'', '`', '?' -> c;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int value = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = position < text.length() ? Character.digit(text.charAt(position++), 16) : -1;
                    if (digit < 0) {
                        throw error(at, "four hexadecimal digits after \\u", "write \\u00e9 for é");
                    }
                    value = value * 16 + digit;
                }
                yield (char) value;
            }
            default ->
                throw error(
                        at,
                        "\\\\, \\\", \\', \\n, \\r, \\t or \\u and four digits",
                        "write r\"…\" for a text with backslashes");
        };
    }

    private boolean isWordAt(int index) {
        return index < text.length() && (isLetter(text.charAt(index)) || isDigit(text.charAt(index)));
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }
}
