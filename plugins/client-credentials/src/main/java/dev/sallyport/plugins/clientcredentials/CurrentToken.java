package dev.sallyport.plugins.clientcredentials;

import dev.sallyport.oauth.ProviderUnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The token that is used at present. Thread-safe.
 *
 * <ol>
 *   <li>However many need one, the provider is asked once at a time, and after a failure not for {@link #PAUSE}.
 *   <li>From {@code refreshAhead} before its end on, a newer one is asked for while requests go on with it.
 *   <li>It is never used beyond its end.
 * </ol>
 */
final class CurrentToken {

    /** How long a provider that gave no token is left alone. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** A token that is refused when it is younger than that is not the reason. */
    static final Duration YOUNG = Duration.ofSeconds(10);

    private final TokenSource source;
    private final Clock clock;
    private final Executor threads;
    private final Logger log;
    private final String name;

    private volatile @Nullable Token token;
    private volatile boolean failing;
    private @Nullable Instant quietUntil;
    private @Nullable CompletableFuture<Token> underWay;

    /** @param name whose token it is, for the log */
    CurrentToken(TokenSource source, Clock clock, Executor threads, Logger log, String name) {
        this.source = source;
        this.clock = clock;
        this.threads = threads;
        this.log = log;
        this.name = name;
    }

    /** A token that holds now. */
    Token get() throws ProviderUnavailableException, InterruptedException {
        Token there = here();
        Instant now = clock.instant();
        if (there != null) {
            if (!now.isBefore(there.refreshAt())) {
                var _ = ask();
            }
            return there;
        }
        CompletableFuture<Token> asked = ask();
        if (asked == null) {
            throw new ProviderUnavailableException("asked a moment ago, without success", null);
        }
        try {
            return asked.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProviderUnavailableException unavailable) {
                throw unavailable;
            }
            throw new ProviderUnavailableException(String.valueOf(e.getCause()), e);
        }
    }

    /** The token that is there and holds; null where there is none. */
    @Nullable
    Token here() {
        Token there = token;
        return there != null && clock.instant().isBefore(there.expires()) ? there : null;
    }

    /**
     * Throws away a token that the upstream has refused; false where it was only just given, so that another one would be
     * refused as well.
     */
    synchronized boolean refused(Token one) {
        if (clock.instant().isBefore(one.asked().plus(YOUNG))) {
            return false;
        }
        if (one.equals(token)) {
            token = null;
        }
        return true;
    }

    /** Begins to ask, or joins who does; null where the last try failed a moment ago. */
    private synchronized @Nullable CompletableFuture<Token> ask() {
        if (underWay != null) {
            return underWay;
        }
        if (quietUntil != null && clock.instant().isBefore(quietUntil)) {
            return null;
        }
        CompletableFuture<Token> mine = new CompletableFuture<>();
        underWay = mine;
        try {
            // On a thread of its own: the request that asks first may be given up while others wait.
            threads.execute(() -> {
                try {
                    Token fetched = source.fetch();
                    ended(fetched, null);
                    mine.complete(fetched);
                } catch (ProviderUnavailableException | RuntimeException e) {
                    ended(null, e);
                    mine.completeExceptionally(e);
                }
            });
        } catch (RuntimeException closed) {
            underWay = null;
            mine.completeExceptionally(closed);
        }
        return mine;
    }

    private synchronized void ended(@Nullable Token fetched, @Nullable Exception failure) {
        underWay = null;
        if (fetched != null) {
            token = fetched;
            quietUntil = null;
            if (failing) {
                log.log(Level.INFO, "{0}: the provider gives tokens again", name);
            }
            failing = false;
            return;
        }
        quietUntil = clock.instant().plus(PAUSE);
        if (!failing) {
            log.log(Level.WARNING, "{0}: the provider gives no token: {1}", name, reason(failure));
        }
        failing = true;
    }

    private static String reason(@Nullable Exception failure) {
        return failure instanceof ProviderUnavailableException ? String.valueOf(failure.getMessage()) : "" + failure;
    }
}
