package dev.sallyport.plugins.validation;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ValueNode;

/**
 * Reads JSON strictly: one value in UTF-8, no key twice, numbers and depth within bounds. What two readers could understand
 * differently is refused, since the upstream reads the same bytes again. Immutable and thread-safe.
 */
final class JsonReader {

    /** Numbers are kept exactly, so one with a huge exponent would cost memory and time once somebody calculates with it. */
    private static final int MOST_DECIMAL_PLACES = 400;

    private static final int MOST_DIGITS = 1_000;

    private final JsonMapper mapper;
    private final int maxDepth;

    /** @param maxDepth how deep objects and arrays may be nested */
    JsonReader(int maxDepth) {
        this.maxDepth = maxDepth;
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxNumberLength(MOST_DIGITS)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(50_000)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // Clients make up the names: what they sent would be kept as long as this is.
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                // Others keep buffers in thread locals, and this plugin with them.
                .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                .build();
        mapper = JsonMapper.builder(factory)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .nodeFactory(new BoundedNumbers())
                .build();
    }

    /**
     * Reads one value.
     *
     * @throws MalformedJsonException where it is not one; its message repeats nothing of the text
     */
    JsonNode read(byte[] bytes) throws MalformedJsonException {
        return read(decode(bytes));
    }

    /** Reads one value. */
    JsonNode read(String text) throws MalformedJsonException {
        JsonNode value;
        try {
            value = mapper.readTree(text);
        } catch (StreamConstraintsException e) {
            throw malformed("nested more than " + maxDepth + " deep, or a number or a key that is too long", e);
        } catch (JacksonException e) {
            String message = String.valueOf(e.getOriginalMessage());
            throw malformed(message.startsWith("Duplicate") ? "a key stands twice in one object" : "not JSON", e);
        } catch (OutOfRange e) {
            throw new MalformedJsonException("a number with an exponent beyond " + MOST_DECIMAL_PLACES, 0, 0);
        }
        if (value.isMissingNode()) {
            throw new MalformedJsonException("not JSON: nothing there", 1, 1);
        }
        return value;
    }

    private static String decode(byte[] bytes) throws MalformedJsonException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedJsonException("not UTF-8", 0, 0);
        }
    }

    private static MalformedJsonException malformed(String what, JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        return at == null
                ? new MalformedJsonException(what, 0, 0)
                : new MalformedJsonException(what, at.getLineNr(), at.getColumnNr());
    }

    /** Not JSON, or not within the bounds. */
    static final class MalformedJsonException extends Exception {

        private static final long serialVersionUID = 1;

        /** @param line from 1; 0 where it is not known */
        MalformedJsonException(String what, int line, int column) {
            super(line > 0 ? what + ", at line " + line + ", column " + column : what);
        }
    }

    private static final class OutOfRange extends RuntimeException {

        private static final long serialVersionUID = 1;

        OutOfRange() {
            super("number out of range", null, false, false);
        }
    }

    private static final class BoundedNumbers extends JsonNodeFactory {

        private static final long serialVersionUID = 1;

        @Override
        public ValueNode numberNode(BigDecimal value) {
            long scale = value == null ? 0 : value.scale();
            long wholeDigits = value == null ? 0 : value.precision() - scale;
            if (wholeDigits > MOST_DECIMAL_PLACES || Math.abs(scale) > MOST_DIGITS + MOST_DECIMAL_PLACES) {
                throw new OutOfRange();
            }
            return super.numberNode(value);
        }
    }
}
