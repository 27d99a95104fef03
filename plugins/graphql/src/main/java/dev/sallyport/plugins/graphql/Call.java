package dev.sallyport.plugins.graphql;

import dev.sallyport.plugins.graphql.RefusedException.Why;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One operation as it was asked for (GraphQL over HTTP, "Request Parameters").
 *
 * @param query the document; null where only its hash was sent
 * @param operationName null for the only one
 * @param variables an object; missing where there are none
 * @param hash of a persisted query; null where there is none
 * @param id of a listed query; null where there is none
 * @param json all of it
 */
record Call(
        @Nullable String query,
        @Nullable String operationName,
        JsonNode variables,
        @Nullable String hash,
        @Nullable String id,
        ObjectNode json) {

    /** Strict: what two readers could understand differently is refused. */
    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(100)
                            .maxNumberLength(400)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    // Clients make up the names: what they sent would be kept as long as this is.
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    // Others keep buffers in thread locals, and this plugin with them.
                    .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static JsonNode read(String what, byte[] bytes) throws RefusedException {
        try {
            JsonNode node = JSON.readTree(text(what, bytes));
            if (node.isMissingNode()) {
                throw new RefusedException(Why.MALFORMED, what + " is empty");
            }
            return node;
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw new RefusedException(
                    Why.MALFORMED,
                    what + " is not JSON"
                            + (at == null ? "" : ", at line " + at.getLineNr() + ", column " + at.getColumnNr()));
        }
    }

    /** Strictly: a reader of JSON takes longer forms of a character for the character, other readers do not. */
    private static String text(String what, byte[] bytes) throws RefusedException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer text = CharBuffer.allocate(bytes.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(in, text, true).isError()) {
            throw new RefusedException(Why.MALFORMED, what + " is not UTF-8, at byte " + (in.position() + 1));
        }
        return text.flip().toString();
    }

    /** Refuses what some servers take for one of these names: a key that differs in case alone. */
    static void exact(ObjectNode json, List<String> names) throws RefusedException {
        for (String key : json.propertyNames()) {
            for (String name : names) {
                if (key.equalsIgnoreCase(name) && !key.equals(name)) {
                    throw new RefusedException(Why.MALFORMED, name + " is written in another case");
                }
            }
        }
    }

    static Call of(JsonNode node) throws RefusedException {
        if (!(node instanceof ObjectNode json)) {
            throw new RefusedException(Why.MALFORMED, "an operation is an object with a query");
        }
        exact(json, Calls.PARAMETERS);
        String query = text(json, "query");
        JsonNode extensions = object(json, "extensions");
        JsonNode persisted = extensions.path("persistedQuery");
        String hash = null;
        if (!persisted.isMissingNode()) {
            hash = persisted.path("sha256Hash").asString("");
            if (persisted.path("version").asInt(0) != 1 || !hash.matches("[0-9a-f]{64}")) {
                throw new RefusedException(Why.MALFORMED, "persistedQuery: version 1 and a sha256Hash are expected");
            }
        }
        String id = text(json, "documentId");
        if (query == null && hash == null && id == null) {
            throw new RefusedException(Why.MALFORMED, "query is missing");
        }
        return new Call(query, text(json, "operationName"), object(json, "variables"), hash, id, json);
    }

    /** The same with its document in the place of its hash. */
    Call with(String document) {
        ObjectNode whole = json.deepCopy();
        whole.put("query", document);
        whole.remove("documentId");
        if (whole.path("extensions") instanceof ObjectNode extensions) {
            extensions.remove("persistedQuery");
            if (extensions.isEmpty()) {
                whole.remove("extensions");
            }
        }
        return new Call(document, operationName, variables, null, null, whole);
    }

    private static @Nullable String text(JsonNode json, String name) throws RefusedException {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw new RefusedException(Why.MALFORMED, name + " is not a text");
        }
        return value.asString();
    }

    private static JsonNode object(JsonNode json, String name) throws RefusedException {
        JsonNode value = json.path(name);
        if (!value.isMissingNode() && !value.isNull() && !value.isObject()) {
            throw new RefusedException(Why.MALFORMED, name + " is not an object");
        }
        return value;
    }
}
