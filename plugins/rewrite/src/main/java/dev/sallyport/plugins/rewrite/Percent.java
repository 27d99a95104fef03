package dev.sallyport.plugins.rewrite;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Percent-encoding (RFC 3986 §2.1) for one segment of a path and for one part of a query. */
final class Percent {

    /** Beside letters and digits: the rest of pchar (RFC 3986 §3.3). */
    private static final String IN_SEGMENT = "-._~!$&'()*+,;=:@";

    /** Of those, what has no meaning in a query that is read as a form. */
    private static final String IN_QUERY = "-._~!$'()*,;:@/";

    private Percent() {}

    static String segment(String text) {
        return encode(text, IN_SEGMENT);
    }

    static String query(String text) {
        return encode(text, IN_QUERY);
    }

    /** The text that is meant; a percent sign that encodes nothing stays. */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] == '%' && isHex(encoded, i + 1) && isHex(encoded, i + 2)) {
                bytes.write(HexFormat.fromHexDigit(encoded[i + 1]) * 16 + HexFormat.fromHexDigit(encoded[i + 2]));
                i += 2;
            } else {
                bytes.write(encoded[i]);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static boolean isHex(byte[] bytes, int index) {
        return index < bytes.length && HexFormat.isHexDigit(bytes[index]);
    }

    private static String encode(String text, String kept) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kept.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }
}
