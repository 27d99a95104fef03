package dev.sallyport.plugins.tokenintrospection;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.sallyport.oauth.ProviderUnavailableException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the provider has said about tokens, kept for a while. Thread-safe.
 *
 * <ol>
 *   <li>Tokens are kept as their SHA-256 only.
 *   <li>However many ask about one token, the provider is asked once at a time.
 *   <li>An answer that a token is active is used for {@code ttl}, that it is not for {@code negativeTtl}, and while the
 *       provider gives no answer for {@code staleFor} beyond that; that it is active never beyond the token's own end.
 * </ol>
 */
final class KnownAnswers {

    private final Introspection provider;
    private final Clock clock;
    private final Executor threads;
    private final Duration ttl;
    private final Duration negativeTtl;
    private final Duration staleFor;
    private final Cache<String, Known> known;
    private final ConcurrentMap<String, CompletableFuture<Answer>> asking = new ConcurrentHashMap<>();

    KnownAnswers(TokenIntrospectionConfig config, Introspection provider, Clock clock, Executor threads) {
        this.provider = provider;
        this.clock = clock;
        this.threads = threads;
        this.ttl = config.ttl();
        this.negativeTtl = config.negativeTtl();
        this.staleFor = config.staleFor();
        this.known = Caffeine.newBuilder()
                .maximumSize(config.maxEntries())
                .ticker(() -> clock.millis() * 1_000_000)
                .expireAfter(Expiry.<String, Known>writing((token, answer) -> answer.kept))
                // Its upkeep is short; a pool's thread would hold on to this plugin.
                .executor(Runnable::run)
                .build();
    }

    /**
     * An answer that is kept.
     *
     * @param fresh until when it is used as it is
     * @param kept how long it is kept
     */
    private record Known(Answer answer, Instant fresh, Duration kept) {}

    /**
     * The answer, and where it is from.
     *
     * @param source {@code provider}, {@code cache} or {@code stale}
     */
    record Found(Answer answer, String source) {}

    /** What the provider says about a token; it is asked where that is not known. */
    Found look(String token) throws ProviderUnavailableException, InterruptedException {
        String key = digest(token);
        Known there = known.getIfPresent(key);
        if (there != null && clock.instant().isBefore(there.fresh)) {
            return new Found(there.answer, "cache");
        }
        try {
            return new Found(ask(key, token).get(), "provider");
        } catch (ExecutionException e) {
            if (there != null && !hasEnded(there.answer)) {
                return new Found(there.answer, "stale");
            }
            if (e.getCause() instanceof ProviderUnavailableException unavailable) {
                throw unavailable;
            }
            throw new ProviderUnavailableException(String.valueOf(e.getCause()), e);
        }
    }

    /** What is known without asking; null where nothing is. */
    @Nullable
    Answer here(String token) {
        Known there = known.getIfPresent(digest(token));
        return there != null && clock.instant().isBefore(there.fresh) ? there.answer : null;
    }

    private CompletableFuture<Answer> ask(String key, String token) {
        CompletableFuture<Answer> mine = new CompletableFuture<>();
        CompletableFuture<Answer> other = asking.putIfAbsent(key, mine);
        if (other != null) {
            return other;
        }
        // On a thread of its own: the request that asks first may be given up while others wait.
        try {
            threads.execute(() -> {
                try {
                    Answer answer = provider.ask(token);
                    keep(key, answer);
                    asking.remove(key, mine);
                    mine.complete(answer);
                } catch (ProviderUnavailableException | RuntimeException e) {
                    asking.remove(key, mine);
                    mine.completeExceptionally(e);
                }
            });
        } catch (RuntimeException closed) {
            asking.remove(key, mine);
            mine.completeExceptionally(closed);
        }
        return mine;
    }

    private void keep(String key, Answer answer) {
        Instant now = clock.instant();
        Duration fresh = answer instanceof Answer.Active ? ttl : negativeTtl;
        Duration kept = fresh.plus(staleFor);
        if (answer instanceof Answer.Active active && active.expires() != null) {
            Duration left = Duration.between(now, active.expires());
            fresh = shorter(fresh, left);
            kept = shorter(kept, left);
        }
        if (kept.isPositive()) {
            known.put(key, new Known(answer, now.plus(fresh), kept));
        } else {
            known.invalidate(key);
        }
    }

    private boolean hasEnded(Answer answer) {
        return answer instanceof Answer.Active active
                && active.expires() != null
                && !clock.instant().isBefore(active.expires());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static String digest(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
