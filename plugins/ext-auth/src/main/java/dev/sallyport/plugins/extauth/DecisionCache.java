package dev.sallyport.plugins.extauth;

import dev.sallyport.api.Request;
import dev.sallyport.api.config.Expression;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decisions, for a while. What they depend on is kept as a hash: it may be a token. Thread-safe. */
final class DecisionCache {

    private final CacheConfig config;
    private final Clock clock;
    private final Map<ByteBuffer, Kept> kept;

    DecisionCache(CacheConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        kept = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Kept> eldest) {
                return size() > config.entries();
            }
        };
    }

    private record Kept(Decision decision, Instant until) {}

    /** What the decision on a request depends on; null where it lacks one of those, so that nothing can be kept. */
    @Nullable
    ByteBuffer key(Request request) {
        MessageDigest digest = sha256();
        for (Expression part : config.by()) {
            String value = part.value(request);
            if (value == null) {
                return null;
            }
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            // With the length before it, or "a" and "bc" would be "ab" and "c".
            digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
            digest.update(bytes);
        }
        return ByteBuffer.wrap(digest.digest());
    }

    @Nullable
    Decision get(ByteBuffer key) {
        synchronized (kept) {
            Kept found = kept.get(key);
            if (found == null) {
                return null;
            }
            if (!clock.instant().isBefore(found.until)) {
                kept.remove(key);
                return null;
            }
            return found.decision;
        }
    }

    void put(ByteBuffer key, Decision decision) {
        if (decision.isKeepable()) {
            synchronized (kept) {
                kept.put(key, new Kept(decision, clock.instant().plus(config.ttl())));
            }
        }
    }

    int size() {
        synchronized (kept) {
            return kept.size();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
