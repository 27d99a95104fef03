package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.plugins.opentelemetry.Counts.Reason;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Signal;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Brings messages to the collector: tries again where that may help, counts what was in those that did not arrive, and says
 * once when the collector is away and once when it is back. Thread-safe.
 */
final class Delivery {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** A collector may ask for more time, but not for any. */
    private static final Duration LONGEST_WISH = Duration.ofSeconds(60);

    private final Collector collector;
    private final Counts counts;
    private final System.Logger log;
    private final String name;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicReference<@Nullable Trouble> trouble = new AtomicReference<>();

    /** @param droppedBefore how much had been dropped when it began */
    private record Trouble(String reason, long droppedBefore) {}

    Delivery(String name, Collector collector, Counts counts, System.Logger log) {
        this.name = name;
        this.collector = collector;
        this.counts = counts;
        this.log = log;
    }

    /** What does not work now; null where that is nothing. */
    @Nullable
    String trouble() {
        Trouble now = trouble.get();
        return now == null ? null : "the collector of service " + name + " gets nothing: " + now.reason();
    }

    /** From now on each message is tried once, and none while the collector is in trouble. */
    void close() {
        closing.countDown();
    }

    boolean isClosing() {
        return closing.getCount() == 0;
    }

    /**
     * Waits.
     *
     * @return true where it is closed meanwhile
     */
    boolean awaitClose(Duration most) throws InterruptedException {
        return closing.await(most.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Sends one message.
     *
     * @param items how many spans, records or points are in it
     * @param tries how often it is tried at most
     * @throws InterruptedException where closing takes too long
     */
    void deliver(Signal signal, byte[] message, int items, int tries) throws InterruptedException {
        if (isClosing() && trouble.get() != null) {
            counts.dropped(signal, Reason.AWAY, items);
            return;
        }
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            switch (send(signal, message)) {
                case Answer.Taken taken -> {
                    taken(signal, taken, items);
                    return;
                }
                case Answer.Refused(boolean again, Duration after, String reason) -> {
                    inTrouble(reason);
                    if (!again || attempt >= tries || awaitClose(longer(jittered(pause), after))) {
                        counts.dropped(signal, again ? Reason.AWAY : Reason.REFUSED, items);
                        return;
                    }
                    pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
                }
            }
        }
    }

    private Answer send(Signal signal, byte[] message) throws InterruptedException {
        try {
            return collector.send(signal, message);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException();
            }
            return new Answer.Refused(true, null, reason(e));
        }
    }

    /** What has failed, without where: the address may be a secret of the configuration. */
    private static String reason(IOException e) {
        return switch (e) {
            case ConnectException _ -> "it accepts no connection";
            case HttpTimeoutException _ -> "it does not answer in time";
            case UnknownHostException _ -> "its name is not known";
            case SSLException tls -> "TLS fails: " + tls.getMessage();
            default -> {
                String message = e.getMessage();
                yield message != null && message.startsWith("no answer within")
                        ? "it does not answer in time"
                        : "the connection broke (" + e.getClass().getSimpleName() + ")";
            }
        };
    }

    private void taken(Signal signal, Answer.Taken taken, int items) {
        counts.sent(signal, items - Math.min(items, taken.rejected()));
        counts.dropped(signal, Reason.REJECTED, Math.min(items, taken.rejected()));
        Trouble before = trouble.getAndSet(null);
        if (before != null) {
            log.log(
                    System.Logger.Level.INFO,
                    "the collector takes what is sent again; dropped meanwhile: {0}",
                    counts.dropped() - before.droppedBefore());
        }
    }

    private void inTrouble(String reason) {
        Trouble now = new Trouble(reason, counts.dropped());
        Trouble before = trouble.getAndUpdate(old -> old == null ? now : new Trouble(reason, old.droppedBefore()));
        if (before == null) {
            log.log(
                    System.Logger.Level.WARNING,
                    "the collector gets nothing: {0}; what does not fit into the queue is dropped and counted",
                    reason);
        }
    }

    /** So that gateways that lost their collector together do not come back together. */
    private static Duration jittered(Duration pause) {
        return pause.multipliedBy(ThreadLocalRandom.current().nextInt(80, 121)).dividedBy(100);
    }

    private static Duration longer(Duration pause, @Nullable Duration wish) {
        return wish == null || wish.compareTo(pause) < 0 ? pause : shorter(wish, LONGEST_WISH);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
