package dev.sallyport.plugins.grpcjson;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes as UTF-8, where {@code String} would put question marks for what is none. */
final class StrictText {

    private StrictText() {}

    /**
     * The text.
     *
     * @throws CharacterCodingException where they are not UTF-8
     */
    static String utf8(byte[] bytes, int size) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, 0, size))
                .toString();
    }
}
