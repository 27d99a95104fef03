package dev.sallyport.plugins.jwtauth;

/**
 * The one way to write a signed token (RFC 7515 §7.1): three parts in base64url, with dots between them. Parsers skip what
 * they do not know; then one token has many texts.
 */
final class CompactForm {

    /** By character: its value in base64url (RFC 4648 §5), or -1. */
    private static final byte[] VALUES = new byte[128];

    static {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (int i = 0; i < VALUES.length; i++) {
            VALUES[i] = (byte) alphabet.indexOf(i);
        }
    }

    private CompactForm() {}

    /** Whether a text is written so, each part without padding and with nothing in the bits that are left over. */
    static boolean matches(String text) {
        int begin = 0;
        for (int part = 0; part < 3; part++) {
            int dot = text.indexOf('.', begin);
            int end = dot < 0 ? text.length() : dot;
            if ((part == 2) != (dot < 0) || !isPart(text, begin, end)) {
                return false;
            }
            begin = end + 1;
        }
        return true;
    }

    private static boolean isPart(String text, int begin, int end) {
        for (int i = begin; i < end; i++) {
            char c = text.charAt(i);
            if (c >= VALUES.length || VALUES[c] < 0) {
                return false;
            }
        }
        if (begin == end) {
            return false;
        }
        int last = VALUES[text.charAt(end - 1)];
        return switch ((end - begin) % 4) {
            case 0 -> true;
            case 2 -> (last & 0b1111) == 0;
            case 3 -> (last & 0b11) == 0;
            default -> false;
        };
    }
}
