package dev.sallyport.plugins.jwtauth;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The provider's keys, kept. Thread-safe.
 *
 * <ol>
 *   <li>However many ask, one fetch is under way at a time, and beside those that are due there is one in
 *       {@link #PAUSE} at most: neither tokens with made-up key ids nor a provider that is down cause more. While the
 *       provider answers, {@link #BURST} may follow each other, so that a key which it begins to use a moment after a
 *       fetch is known at once.
 *   <li>Keys older than {@code refresh} are fetched again while requests go on with those that are there. Twice as old,
 *       they are only used where the provider was just asked and did not answer, and never beyond {@code staleFor}.
 * </ol>
 */
final class Keys implements AutoCloseable {

    static final Duration PAUSE = Duration.ofSeconds(10);
    static final int BURST = 3;

    private final KeySource source;
    private final Duration refresh;
    private final Duration staleFor;
    private final Clock clock;
    private final Logger log;
    private final String name;

    private volatile @Nullable Fetched fetched;
    private volatile boolean failing;
    private volatile boolean closed;
    private @Nullable CompletableFuture<KeySet> underWay;
    /** When the fetches so far would be done, were there one in each pause; never before the last one. */
    private Instant pacedUntil = Instant.MIN;

    private @Nullable Instant lastAsked;

    /**
     * @param refresh the age from which on keys are fetched again
     * @param staleFor the age from which on they are not used
     * @param name where they come from, for the log
     */
    Keys(KeySource source, Duration refresh, Duration staleFor, Clock clock, Logger log, String name) {
        this.source = source;
        this.refresh = refresh;
        this.staleFor = staleFor;
        this.clock = clock;
        this.log = log;
        this.name = name;
    }

    private record Fetched(KeySet keys, Instant at) {}

    /** The keys to check a token with. */
    KeySet current() throws KeysUnavailableException, InterruptedException {
        Fetched there = fetched;
        Duration age = there == null ? staleFor : Duration.between(there.at, clock.instant());
        if (there != null && age.compareTo(refresh) < 0) {
            return there.keys;
        }
        boolean wasFailing = failing;
        CompletableFuture<KeySet> asked = ask(false);
        if (there == null || age.compareTo(staleFor) >= 0) {
            return await(asked);
        }
        if (asked != null && !wasFailing && age.compareTo(refresh.multipliedBy(2)) >= 0) {
            try {
                return await(asked);
            } catch (KeysUnavailableException alreadyLogged) {
                return there.keys;
            }
        }
        return there.keys;
    }

    /** The keys that are there, where they may be used; nobody is asked. */
    KeySet here() throws KeysUnavailableException {
        Fetched there = fetched;
        if (there == null || Duration.between(there.at, clock.instant()).compareTo(staleFor) >= 0) {
            throw new KeysUnavailableException("they are not here", null);
        }
        return there.keys;
    }

    /**
     * The keys after the provider was asked again, for a token whose key is not among those that are there; those that are
     * there where it was asked too often lately.
     *
     * @param lacking the keys that are not enough
     * @param enough whether others are
     * @throws KeysUnavailableException where it does not answer, so that nobody knows whether there is such a key
     */
    KeySet renewed(KeySet lacking, Predicate<KeySet> enough) throws KeysUnavailableException, InterruptedException {
        Fetched there = fetched;
        if (there != null && there.keys != lacking && enough.test(there.keys)) {
            return there.keys;
        }
        CompletableFuture<KeySet> earlier = underWay();
        if (earlier != null) {
            // It may have been answered just before the provider had the key.
            KeySet keys = await(earlier);
            if (enough.test(keys)) {
                return keys;
            }
        }
        CompletableFuture<KeySet> asked = ask();
        return asked == null && !failing ? lacking : await(asked);
    }

    private synchronized @Nullable CompletableFuture<KeySet> underWay() {
        return underWay == null || underWay.isDone() ? null : underWay;
    }

    /** Begins a fetch, or joins the one under way; null where there were too many lately. */
    @Nullable
    CompletableFuture<KeySet> ask() {
        return ask(true);
    }

    /** @param paced whether it counts: one that is due by {@code refresh} does not, so that others may follow it at once */
    private synchronized @Nullable CompletableFuture<KeySet> ask(boolean paced) {
        if (underWay != null && !underWay.isDone()) {
            return underWay;
        }
        Instant now = clock.instant();
        boolean tooSoon = failing
                ? lastAsked != null && now.isBefore(lastAsked.plus(PAUSE))
                : paced && now.plus(PAUSE.multipliedBy(BURST - 1)).isBefore(pacedUntil);
        if (tooSoon) {
            return null;
        }
        lastAsked = now;
        if (paced) {
            pacedUntil = (pacedUntil.isAfter(now) ? pacedUntil : now).plus(PAUSE);
        }
        underWay = source.fetch().whenComplete(this::ended);
        return underWay;
    }

    /** How old the keys are; null where there are none. */
    @Nullable
    Duration age() {
        Fetched there = fetched;
        return there == null ? null : Duration.between(there.at, clock.instant());
    }

    /** Gives up the fetch that is under way. */
    @Override
    public synchronized void close() {
        closed = true;
        if (underWay != null) {
            underWay.cancel(true);
        }
    }

    private void ended(@Nullable KeySet keys, @Nullable Throwable failure) {
        if (keys != null) {
            fetched = new Fetched(keys, clock.instant());
            if (failing) {
                log.log(Level.INFO, "{0}: the keys are there again", name);
            }
            failing = false;
        } else if (!closed) {
            failing = true;
            log.log(Level.WARNING, "{0}: the keys cannot be fetched: {1}", name, reason(failure));
        }
    }

    private static KeySet await(@Nullable CompletableFuture<KeySet> asked)
            throws KeysUnavailableException, InterruptedException {
        if (asked == null) {
            throw new KeysUnavailableException("asked a moment ago, without success", null);
        }
        try {
            return asked.get(2 * KeySource.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KeysUnavailableException(reason(e), e);
        }
    }

    static String reason(@Nullable Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof KeysUnavailableException ? String.valueOf(cause.getMessage()) : String.valueOf(cause);
    }
}
