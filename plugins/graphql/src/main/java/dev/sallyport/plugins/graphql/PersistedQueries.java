package dev.sallyport.plugins.graphql;

import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Store;
import dev.sallyport.api.StoreUnavailableException;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.plugins.graphql.RefusedException.Why;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Queries that are asked for by their hash, or by an id of the list. Thread-safe. */
final class PersistedQueries {

    private final GraphqlConfig config;
    private final String key;
    private final @Nullable Store store;
    private final Map<String, String> byId = new HashMap<>();
    private final Map<String, String> byHash = new HashMap<>();

    PersistedQueries(GraphqlConfig config, FilterContext context) {
        this.config = config;
        key = context.key() + "/query/";
        store = config.automatic() ? context.store(config.store()) : null;
        Path file = config.listed();
        if (file != null) {
            read(file);
        }
    }

    private void read(Path file) {
        try {
            JsonNode list = Call.JSON.readTree(Files.readAllBytes(file));
            list.propertyStream().forEach(entry -> {
                if (!entry.getValue().isString()) {
                    throw new ConfigException(
                            "listed", file + ": " + entry.getKey() + " is no text (expected: texts of queries by id)");
                }
                String query = entry.getValue().asString();
                byId.put(entry.getKey(), query);
                byHash.put(hash(query), query);
            });
        } catch (IOException e) {
            throw new ConfigException("listed", file + " cannot be read (expected: a readable file)");
        } catch (JacksonException e) {
            throw new ConfigException("listed", file + " is not JSON: " + e.getOriginalMessage());
        }
        if (byId.isEmpty()) {
            throw new ConfigException("listed", file + " lists nothing (expected: an object of queries)");
        }
    }

    /**
     * What was found for a call.
     *
     * @param call with its document
     * @param listed whether it stands in the list
     */
    record Found(Call call, boolean listed) {}

    /** Finds the document of a call. What a client registers is not kept before it has been judged: {@link #register}. */
    Found find(Call call) throws RefusedException {
        String query = call.query();
        String hash = call.hash();
        if (query != null) {
            String own = hash(query);
            if (hash != null && !hash.equals(own)) {
                throw new RefusedException(Why.HASH, "sha256Hash is not that of the query");
            }
            boolean listed = byHash.containsKey(own);
            if (config.onlyListed() && !listed) {
                throw new RefusedException(Why.NOT_LISTED, "only listed operations pass");
            }
            return new Found(hash == null && call.id() == null ? call : call.with(query), listed);
        }
        String id = call.id();
        String listed = id != null ? byId.get(id) : hash != null ? byHash.getOrDefault(hash, byId.get(hash)) : null;
        if (listed != null) {
            return new Found(call.with(listed), true);
        }
        if (config.onlyListed() || hash == null) {
            throw new RefusedException(Why.NOT_LISTED, "no operation is listed by that id");
        }
        if (store == null) {
            throw new RefusedException(Why.UNSUPPORTED, Why.UNSUPPORTED.title);
        }
        String kept = kept(store, hash);
        if (kept == null) {
            throw new RefusedException(Why.NOT_FOUND, Why.NOT_FOUND.title);
        }
        return new Found(call.with(kept), false);
    }

    /** Another gateway may have written to a shared store, or somebody else: only what has the hash counts. */
    private @Nullable String kept(Store from, String hash) {
        try {
            byte[] bytes = from.getBytes(key + hash);
            if (bytes == null) {
                return null;
            }
            String query = new String(bytes, StandardCharsets.UTF_8);
            return hash(query).equals(hash) ? query : null;
        } catch (StoreUnavailableException e) {
            return null; // the client sends the query itself then
        }
    }

    /** Keeps the document of a call that came with its hash, and passes. */
    void register(Call call) {
        String query = call.query();
        String hash = call.hash();
        if (store != null && query != null && hash != null) {
            try {
                store.putBytes(key + hash, query.getBytes(StandardCharsets.UTF_8), config.ttl());
            } catch (StoreUnavailableException e) {
                // the client will be asked for it again
            }
        }
    }

    static String hash(String query) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(query.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
