package dev.sallyport.api.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Text in bytes. */
final class Utf8 {

    private Utf8() {}

    /** Sees that it is well-formed; gives the text where it had to be decoded for that, else null. */
    static @Nullable String check(byte[] bytes) throws CharacterCodingException {
        for (byte one : bytes) {
            if (one < 0) {
                return decode(bytes, 0, bytes.length);
            }
        }
        return null;
    }

    static String decode(byte[] bytes, int offset, int length) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes, offset, length))
                .toString();
    }

    /** How many bytes a text has. */
    static int length(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x800) {
                bytes += Character.isSurrogate(c) ? 1 : 2; // two chars of one pair make four bytes
            } else if (c >= 0x80) {
                bytes++;
            }
        }
        return bytes;
    }

    /** A text in bytes, cut before the first character that does not fit. */
    static byte[] cut(String text, int most) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= most) {
            return bytes;
        }
        int end = most;
        while (end > 0 && (bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }
}
