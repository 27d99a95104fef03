package dev.sallyport.marketplace;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON that two readers cannot read differently: UTF-8, one object, no field twice, nothing after it; and of a size and a
 * depth that cost nothing to read.
 */
final class StrictJson {

    private static final int MOST_DEPTH = 20;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StrictJson() {}

    /** Reads an object. */
    static JsonNode object(byte[] bytes) throws MalformedException {
        JsonNode node;
        try {
            // As text: from bytes Jackson would guess UTF-16 and UTF-32 too.
            node = JSON.readTree(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new MalformedException("is not UTF-8");
        } catch (JacksonException e) {
            throw new MalformedException("is no JSON (" + e.getOriginalMessage() + ")");
        }
        if (!node.isObject()) {
            throw new MalformedException("is no JSON object");
        }
        return node;
    }

    /** A field that must be there, and be a text. */
    static String text(JsonNode object, String field) throws MalformedException {
        JsonNode value = object.path(field);
        if (!value.isString()) {
            throw new MalformedException("has no text in the field " + field);
        }
        return value.asString();
    }
}
