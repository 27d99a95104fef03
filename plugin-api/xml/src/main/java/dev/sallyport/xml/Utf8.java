package dev.sallyport.xml;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Bytes as text, and where they are none. */
final class Utf8 {

    private Utf8() {}

    /** Makes what is thrown, of a line and a column from 1. */
    interface Failure<E extends Exception> {
        E at(long line, long column);
    }

    /** Throws where the bytes are no UTF-8. */
    static <E extends Exception> void check(byte[] bytes, Failure<E> failure) throws E {
        for (byte b : bytes) {
            if (b < 0) {
                decode(bytes, failure);
                return;
            }
        }
    }

    /** The text of the bytes; a byte order mark at its start is left out. */
    static <E extends Exception> String decode(byte[] bytes, Failure<E> failure) throws E {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, true);
        text.flip();
        if (result.isError()) {
            String before = text.toString();
            long line = before.chars().filter(c -> c == '\n').count() + 1;
            throw failure.at(line, before.length() - before.lastIndexOf('\n'));
        }
        boolean mark = text.length() > 0 && text.charAt(0) == '\ufeff';
        return (mark ? text.subSequence(1, text.length()) : text).toString();
    }
}
