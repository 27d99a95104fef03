package dev.sallyport.kernel.routing;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The one form in which a path is matched, judged by steps and sent on, so that all of them see the same (RFC 3986
 * §6.2.2):
 *
 * <ol>
 *   <li>a percent-encoded unreserved character (letter, digit, {@code - . _ ~}) is decoded: {@code %41} is {@code A};
 *   <li>every other percent-encoding stays, in capitals: {@code %2f} becomes {@code %2F} and separates no segments;
 *   <li>a visible character that a path may not carry ({@code " < > [ ] ^ ` { | }}) is encoded;
 *   <li>segments {@code .} are taken out; a segment {@code ..}, however it is encoded, makes the path malformed, and so
 *       do {@code ..;x} and {@code .;x}, which some servers read as dot segments;
 *   <li>control characters, NUL among them, backslash, space, non-ASCII, an incomplete {@code %} and an overlong UTF-8
 *       form (such as {@code %C0%AE}, a dot) make it malformed too, raw and encoded alike where both exist.
 * </ol>
 *
 * Path parameters ({@code /a;x=1}) and empty segments ({@code /a//b}) stay.
 */
public final class NormalPath {

    private static final String HEX = "0123456789ABCDEF";
    private static final boolean[] UNRESERVED = alphanumericAnd("-._~");
    private static final boolean[] ALLOWED = alphanumericAnd("-._~!$&'()*+,;=:@/");

    private NormalPath() {}

    /**
     * Brings a path into normal form.
     *
     * @param path as it came, without query; starts with {@code /}
     * @return the same instance where it is in normal form already
     * @throws MalformedPathException where it has none
     */
    public static String of(String path) throws MalformedPathException {
        boolean plain = true;
        boolean dots = false;
        char before = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            plain &= c < 0x80 && ALLOWED[c];
            dots |= c == '.' && before == '/';
            before = c;
        }
        if (plain) {
            return dots ? withoutDots(path) : path;
        }
        String encoded = encoded(path);
        return encoded.contains("/.") ? withoutDots(encoded) : encoded;
    }

    /**
     * The text that a part of a path stands for. Where it is not UTF-8 it stays encoded, so that two different parts never
     * give the same text.
     *
     * @param path in normal form
     */
    static String decode(String path, int from, int to) {
        int percent = path.indexOf('%', from);
        if (percent < 0 || percent >= to) {
            return path.substring(from, to);
        }
        byte[] bytes = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            char c = path.charAt(i);
            if (c == '%' && i + 2 < to && hex(path, i + 1) >= 0) {
                c = (char) hex(path, i + 1);
                i += 2;
            }
            bytes[length++] = (byte) c;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return path.substring(from, to);
        }
    }

    private static String encoded(String path) throws MalformedPathException {
        StringBuilder result = new StringBuilder(path.length() + 16);
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%') {
                int octet = hex(path, i + 1);
                if (octet < 0) {
                    throw new MalformedPathException("the path has a % that is not followed by two hexadecimal digits");
                }
                refuse(octet);
                refuseOverlong(octet, path, i + 3);
                if (octet < 0x80 && UNRESERVED[octet]) {
                    result.append((char) octet);
                } else {
                    percent(result, octet);
                }
                i += 2;
            } else if (c < 0x80 && ALLOWED[c]) {
                result.append(c);
            } else {
                refuse(c);
                if (c == ' ' || c >= 0x80 || c == '#' || c == '?') {
                    throw new MalformedPathException("the path has a character that must be percent-encoded: "
                            + (c > ' ' && c < 0x7f ? String.valueOf(c) : "code " + (int) c));
                }
                percent(result, c);
            }
        }
        return result.toString();
    }

    private static void refuse(int c) throws MalformedPathException {
        if (c < ' ' || c == 0x7f) {
            throw new MalformedPathException(c == 0 ? "the path has a NUL" : "the path has a control character");
        }
        if (c == '\\') {
            throw new MalformedPathException("the path has a backslash");
        }
    }

    /** An overlong form hides an ASCII character from those who look for it (RFC 3629 §10). */
    private static void refuseOverlong(int octet, String path, int next) throws MalformedPathException {
        int last = switch (octet) {
            case 0xC0, 0xC1 -> 0xBF;
            case 0xE0 -> 0x9F;
            case 0xF0 -> 0x8F;
            default -> 0;
        };
        if (last != 0 && next < path.length() && path.charAt(next) == '%') {
            int second = hex(path, next + 1);
            if (second >= 0x80 && second <= last) {
                throw new MalformedPathException("the path has an overlong UTF-8 form");
            }
        }
    }

    private static String withoutDots(String path) throws MalformedPathException {
        StringBuilder result = new StringBuilder(path.length());
        int from = 1;
        while (true) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            if (isDots(path, from, to)) {
                if (to - from != 1) {
                    throw new MalformedPathException("the path has a segment .. (or one that may be read as such)");
                }
                if (slash < 0) {
                    result.append('/');
                }
            } else {
                result.append('/').append(path, from, to);
            }
            if (slash < 0) {
                return result.toString();
            }
            from = slash + 1;
        }
    }

    /** Whether the segment is one or two dots, with or without path parameters. */
    private static boolean isDots(String path, int from, int to) {
        int end = from;
        while (end < to && end < from + 2 && path.charAt(end) == '.') {
            end++;
        }
        return end > from && (end == to || path.charAt(end) == ';' || path.startsWith("%3B", end));
    }

    private static void percent(StringBuilder to, int octet) {
        to.append('%').append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 15));
    }

    private static int hex(String text, int at) {
        if (at + 1 >= text.length()) {
            return -1;
        }
        int high = digit(text.charAt(at));
        int low = digit(text.charAt(at + 1));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static int digit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static boolean[] alphanumericAnd(String marks) {
        boolean[] set = new boolean[0x80];
        for (char c = 0; c < 0x80; c++) {
            set[c] = marks.indexOf(c) >= 0 || Character.isLetterOrDigit(c);
        }
        return set;
    }
}
