package dev.sallyport.json;

import java.nio.charset.StandardCharsets;

/** The texts of JSON: without their escapes, and with those that they need. */
public final class JsonText {

    private JsonText() {}

    /** A text without its escapes; it is known to be valid. */
    public static String unescaped(String raw) {
        int escape = raw.indexOf('\\');
        if (escape < 0) {
            return raw;
        }
        StringBuilder text = new StringBuilder(raw.length());
        int from = 0;
        while (escape >= 0) {
            text.append(raw, from, escape);
            char c = raw.charAt(escape + 1);
            from = escape + 2;
            switch (c) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append((char) Integer.parseInt(raw, from, from + 4, 16));
                    from += 4;
                }
                default -> text.append(c);
            }
            escape = raw.indexOf('\\', from);
        }
        return text.append(raw, from, raw.length()).toString();
    }

    /** A text with quotes, and with the escapes that it needs. */
    public static byte[] quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        escape(text, 0, text.length(), json);
        return json.append('"').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Appends a part of a text with the escapes that it needs; half of a pair of surrogates is one. */
    public static void escape(CharSequence text, int from, int to, StringBuilder json) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (Character.isHighSurrogate(c) && i + 1 < to && Character.isLowSurrogate(text.charAt(i + 1))) {
                        json.append(c).append(text.charAt(++i));
                    } else if (c < ' ' || Character.isSurrogate(c)) {
                        json.append("\\u").append(String.format("%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
    }
}
