package dev.sallyport.plugins.oidclogin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sallyport.oauth.ProviderUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/**
 * Fetches newer tokens once for all requests of a browser that come with the same older ones: many providers take a refresh
 * token only once, and end the session where it comes again. Thread-safe.
 */
final class Refreshes implements AutoCloseable {

    /** What makes two steps have them in common: a session may be used on several routes. */
    record Key(String issuer, String clientId) {}

    /** How long requests that still carry the older cookie get the newer tokens. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    private final Cache<String, CompletableFuture<Tokens>> refreshed;

    Refreshes(Clock clock) {
        this.refreshed = Caffeine.newBuilder()
                .maximumSize(10_000)
                .ticker(() -> clock.millis() * 1_000_000)
                .expireAfterWrite(KEPT)
                .executor(Runnable::run)
                .build();
    }

    /** The tokens after {@code older}, fetched on one of the threads where nobody has. */
    Tokens after(Tokens older, Client client, Executor threads)
            throws ProviderUnavailableException, RefusedException, InterruptedException {
        CompletableFuture<Tokens> mine = new CompletableFuture<>();
        String key = String.valueOf(older.refreshToken());
        CompletableFuture<Tokens> first = refreshed.asMap().putIfAbsent(key, mine);
        if (first == null) {
            first = mine;
            start(key, mine, older, client, threads);
        }
        try {
            return first.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case ProviderUnavailableException unavailable -> throw unavailable;
                case RefusedException refused -> throw refused;
                case null, default -> throw new ProviderUnavailableException(String.valueOf(e.getCause()), e);
            }
        }
    }

    @Override
    public void close() {}

    /** On a thread of its own: the request that asks first may be given up while others wait. */
    private void start(String key, CompletableFuture<Tokens> result, Tokens older, Client client, Executor threads) {
        try {
            threads.execute(() -> {
                try {
                    result.complete(client.refresh(older));
                } catch (ProviderUnavailableException | RefusedException | RuntimeException e) {
                    refreshed.asMap().remove(key, result);
                    result.completeExceptionally(e);
                }
            });
        } catch (RuntimeException closed) {
            refreshed.asMap().remove(key, result);
            result.completeExceptionally(closed);
        }
    }
}
