package dev.sallyport.api.config;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** How values are written into texts, so that what a client sends never is more than a value there. */
public final class Escapes {

    /** Beside letters and digits: the rest of pchar (RFC 3986 §3.3). */
    private static final String IN_SEGMENT = "-._~!$&'()*+,;=:@";

    /** Of those, what has no meaning in a query that is read as a form. */
    private static final String IN_QUERY = "-._~!$'()*,;:@/";

    /** What people can read of ASCII, and spaces. */
    private static final String IN_FIELD = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Escapes() {}

    /** For the value of a header field: what is no visible character of ASCII is percent-encoded, as UTF-8. */
    public static String field(Expression expression, String value) {
        return encode(value, IN_FIELD);
    }

    /** For one segment of a path (RFC 3986 §3.3): a slash does not end it. */
    public static String segment(Expression expression, String value) {
        return segment(value);
    }

    /** For the name or value of a query's parameter. */
    public static String query(Expression expression, String value) {
        return query(value);
    }

    /** As it is, for texts that mean nothing. */
    public static String plain(Expression expression, String value) {
        return value;
    }

    /** A text as one segment of a path. */
    public static String segment(String value) {
        return encode(value, IN_SEGMENT);
    }

    /** A text as the name or value of a query's parameter. */
    public static String query(String value) {
        return encode(value, IN_QUERY);
    }

    private static String encode(String text, String kept) {
        int i = 0;
        while (i < text.length() && isKept(text.charAt(i), kept)) {
            i++;
        }
        if (i == text.length()) {
            return text;
        }
        StringBuilder encoded = new StringBuilder(text.length() + 16).append(text, 0, i);
        for (byte b : text.substring(i).getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (isKept(c, kept)) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    private static boolean isKept(char c, String kept) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kept.indexOf(c) >= 0;
    }
}
