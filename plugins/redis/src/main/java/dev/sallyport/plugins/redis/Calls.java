package dev.sallyport.plugins.redis;

import dev.sallyport.api.ServiceContext;
import dev.sallyport.api.StoreUnavailableException;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisAuthRequiredException;
import org.redisson.client.RedisClusterDownException;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisLoadingException;
import org.redisson.client.RedisOutOfMemoryException;
import org.redisson.client.RedisReadonlyException;
import org.redisson.client.RedisTimeoutException;
import org.redisson.client.RedisWrongPasswordException;

/**
 * Waits for answers of the server, no longer than allowed. Once a call has failed, all others fail at once, until a thread
 * that keeps asking has got an answer: so an outage costs a request at most one wait, and most none. Thread-safe.
 */
final class Calls {

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** A server that does not answer at once is told of only after that. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");
    private static final Attributes OK = Attributes.of(OUTCOME, "ok");
    private static final Attributes FAILED = Attributes.of(OUTCOME, "failed");
    private static final Attributes SKIPPED = Attributes.of(OUTCOME, "skipped");

    private final ServiceContext context;
    private final Duration timeout;
    private final Function<String, CompletionStage<?>> probe;
    private final LongCounter calls;
    private final DoubleHistogram duration;

    /** Why the server is away; null where it is not. */
    private final AtomicReference<@Nullable String> away = new AtomicReference<>();

    /** @param probe asks the server that has a key; it may block, and fail */
    Calls(ServiceContext context, Duration timeout, Function<String, CompletionStage<?>> probe) {
        this.context = context;
        this.timeout = timeout;
        this.probe = probe;
        calls = context.meter()
                .counterBuilder("sallyport.redis.calls")
                .setDescription("Calls, by outcome: ok, failed, or skipped since the server was away.")
                .build();
        duration = context.meter()
                .histogramBuilder("sallyport.redis.call.duration")
                .setUnit("s")
                .setDescription("How long calls took that were answered.")
                .build();
        context.meter()
                .gaugeBuilder("sallyport.redis.up")
                .ofLongs()
                .setDescription("1 while the server answers, 0 while it is away.")
                .buildWithCallback(now -> now.record(away.get() == null ? 1 : 0));
    }

    /** Why it is away, in a sentence; null where it answers. */
    @Nullable
    String trouble() {
        return away.get();
    }

    /**
     * The answer to a call.
     *
     * @param key a key that it is about
     * @throws StoreUnavailableException where there is none in time, or none is to be expected
     */
    <T extends @Nullable Object> T answer(String key, Supplier<? extends CompletionStage<T>> call) {
        String known = away.get();
        if (known != null) {
            calls.add(1, SKIPPED);
            throw new StoreUnavailableException(known);
        }
        long start = System.nanoTime();
        try {
            T answer = call.get().toCompletableFuture().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            calls.add(1, OK);
            duration.record((System.nanoTime() - start) / 1e9);
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever asked has gone: that says nothing of the server
            throw new StoreUnavailableException("waiting for an answer of Redis was interrupted");
        } catch (TimeoutException e) {
            throw failed(key, "it did not answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw failed(key, reason(e.getCause()));
        } catch (RuntimeException e) {
            throw failed(key, reason(e));
        }
    }

    private StoreUnavailableException failed(String key, String reason) {
        calls.add(1, FAILED);
        String sentence = "Redis is away: " + reason;
        goAway(key, sentence);
        return new StoreUnavailableException(sentence);
    }

    /** Not the client's own words: they tell keys and values. */
    private String reason(@Nullable Throwable failure) {
        context.logger().log(Level.DEBUG, "a call of Redis failed", failure);
        return switch (failure) {
            case RedisTimeoutException _ -> "it did not answer in time";
            case RedisConnectionException _ -> "it cannot be reached";
            case RedisAuthRequiredException _ -> "it wants a password";
            case RedisWrongPasswordException _ -> "it refuses the user or the password";
            case RedisOutOfMemoryException _ -> "it is out of memory";
            case RedisLoadingException _ -> "it is still loading";
            case RedisReadonlyException _ -> "it is a replica that takes no writes";
            case RedisClusterDownException _ -> "its cluster is down";
            case null -> "it failed";
            default -> "it failed with " + failure.getClass().getSimpleName();
        };
    }

    private void goAway(String key, String sentence) {
        if (away.compareAndSet(null, sentence)) {
            tell(sentence);
            ask(key, true);
        }
    }

    private void tell(String sentence) {
        context.logger().log(Level.WARNING, "{0}: {1}", context.name(), sentence);
    }

    /**
     * Begins to connect; it is away until it has answered.
     *
     * @param key one that it has, or would have
     */
    void begin(String key) {
        away.set("Redis is away: it has not answered yet");
        ask(key, false);
    }

    /**
     * Has the server asked again and again; nobody waits for it meanwhile.
     *
     * @param told whether it has been told that it is away
     */
    private void ask(String key, boolean told) {
        try {
            context.threads().execute(() -> askUntilItAnswers(key, told));
        } catch (RejectedExecutionException closed) {
            // and away for good
        }
    }

    private void askUntilItAnswers(String key, boolean told) {
        long start = System.nanoTime();
        boolean quiet = !told;
        try {
            while (!answers(key)) {
                if (quiet && System.nanoTime() - start > SILENCE.toNanos()) {
                    quiet = false;
                    tell(String.valueOf(away.get()));
                }
                Thread.sleep(PAUSE);
            }
            away.set(null);
            context.logger()
                    .log(
                            Level.INFO,
                            "{0}: Redis answers, after {1} ms",
                            context.name(),
                            (System.nanoTime() - start) / 1_000_000);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean answers(String key) throws InterruptedException {
        try {
            probe.apply(key).toCompletableFuture().get(1, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            return false;
        }
    }
}
