package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.plugins.opentelemetry.Counts.Reason;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Signal;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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

    /** Lines of one signal's trouble are at least so far apart. */
    private static final Duration QUIET = Duration.ofSeconds(60);

    private final Collector collector;
    private final Counts counts;
    private final System.Logger log;
    private final String name;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<Signal, Trouble> troubles = new EnumMap<>(Signal.class);

    /** Of one signal: a collector may take one and not another. Guarded by itself. */
    private static final class Trouble {
        private @Nullable String reason;
        private long droppedBefore;
        private boolean told;
        private long toldAt = System.nanoTime() - QUIET.toNanos();
    }

    Delivery(String name, Collector collector, Counts counts, System.Logger log) {
        this.name = name;
        this.collector = collector;
        this.counts = counts;
        this.log = log;
        for (Signal signal : Signal.values()) {
            troubles.put(signal, new Trouble());
        }
    }

    private Trouble trouble(Signal signal) {
        return Objects.requireNonNull(troubles.get(signal));
    }

    private boolean isInTrouble(Signal signal) {
        Trouble trouble = trouble(signal);
        synchronized (trouble) {
            return trouble.reason != null;
        }
    }

    /** What does not work now; null where that is nothing. */
    @Nullable
    String trouble() {
        Map<String, List<String>> byReason = new LinkedHashMap<>();
        troubles.forEach((signal, trouble) -> {
            synchronized (trouble) {
                if (trouble.reason != null) {
                    byReason.computeIfAbsent(trouble.reason, first -> new ArrayList<>())
                            .add(Counts.name(signal));
                }
            }
        });
        return byReason.isEmpty()
                ? null
                : byReason.entrySet().stream()
                        .map(each -> "no " + String.join(", ", each.getValue()) + ": " + each.getKey())
                        .collect(Collectors.joining("; ", "the collector of service " + name + " gets ", ""));
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
        if (isClosing() && isInTrouble(signal)) {
            counts.dropped(signal, Reason.AWAY, items);
            return;
        }
        try {
            tryToDeliver(signal, message, items, tries);
        } catch (InterruptedException e) {
            counts.dropped(signal, Reason.CLOSED, items);
            throw e;
        }
    }

    /** Something could not be made into a message: a fault of this plugin, or of a library. */
    void failed(Signal signal, int items, RuntimeException e) {
        counts.dropped(signal, Reason.FAILED, items);
        inTrouble(signal, "a message could not be made (" + e.getClass().getSimpleName() + ")");
        log.log(System.Logger.Level.DEBUG, "a message could not be made", e);
    }

    /** The service is closed, and that is not sent any more. */
    void lost(Signal signal, int items) {
        counts.dropped(signal, Reason.CLOSED, items);
        if (items > 0) {
            log.log(
                    System.Logger.Level.WARNING,
                    "closed before all was sent; dropped of {0}: {1}",
                    Counts.name(signal),
                    items);
        }
    }

    private void tryToDeliver(Signal signal, byte[] message, int items, int tries) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            switch (send(signal, message)) {
                case Answer.Taken taken -> {
                    taken(signal, taken, items);
                    return;
                }
                case Answer.Refused(boolean again, Duration after, String reason) -> {
                    inTrouble(signal, reason);
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
        } catch (RuntimeException e) { // what the client does not like will not get better, but others may
            log.log(System.Logger.Level.DEBUG, "a message could not be sent", e);
            return new Answer.Refused(
                    false, null, "it cannot be sent (" + e.getClass().getSimpleName() + ")");
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
        Trouble trouble = trouble(signal);
        long dropped;
        synchronized (trouble) {
            if (trouble.reason == null) {
                return;
            }
            trouble.reason = null;
            if (!trouble.told) {
                return;
            }
            trouble.told = false;
            dropped = counts.dropped(signal) - trouble.droppedBefore;
        }
        log.log(
                System.Logger.Level.INFO,
                "the collector takes {0} again; dropped meanwhile: {1}",
                Counts.name(signal),
                dropped);
    }

    private void inTrouble(Signal signal, String reason) {
        Trouble trouble = trouble(signal);
        synchronized (trouble) {
            if (trouble.reason == null) {
                trouble.droppedBefore = counts.dropped(signal);
            }
            trouble.reason = reason;
            long now = System.nanoTime();
            // One that takes and refuses in turns is not told of each time.
            if (trouble.told || now - trouble.toldAt < QUIET.toNanos()) {
                return;
            }
            trouble.told = true;
            trouble.toldAt = now;
        }
        log.log(
                System.Logger.Level.WARNING,
                "the collector gets no {0}: {1}; what does not fit into the queue is dropped and counted",
                Counts.name(signal),
                reason);
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
