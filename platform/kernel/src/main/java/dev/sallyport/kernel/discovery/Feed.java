package dev.sallyport.kernel.discovery;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.Endpoint;
import dev.sallyport.kernel.config.Discover;
import dev.sallyport.kernel.plugin.PluginException;
import dev.sallyport.kernel.step.ServiceInstance;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The live list of one upstream's targets: watches the source on a thread of its own, begins again when that fails, and
 * keeps the last list meanwhile. Shared by the generations whose upstream asks the same of the same source; counting them
 * is for the deploying thread, all else is thread-safe.
 */
public final class Feed {

    private static final System.Logger LOG = System.getLogger("discovery");

    /** How long a watch may take to end once it is interrupted. */
    private static final Duration END = Duration.ofSeconds(2);

    /**
     * What makes it the same after a reload.
     *
     * @param asked what the upstream asks for, and whom
     * @param source what answers: a service as it was made, or {@code dns}
     */
    record Key(String upstream, Discover asked, Object source) {}

    private final Key key;
    private final Discovery discovery;
    private final Discovery.Query query;
    private final @Nullable ServiceInstance service;
    private final CountDownLatch first = new CountDownLatch(1);
    private final LongAdder lists = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile Found found;
    private volatile long toldAt = System.nanoTime();
    private volatile boolean ended;
    private volatile Consumer<List<Endpoint>> listener = all -> {};
    private @Nullable Thread thread;
    private int holders;

    /**
     * @param service the plugin's service behind it; null where the gateway itself asks
     * @param before the feed whose list this one begins with; null for none
     */
    Feed(
            Key key,
            Discovery discovery,
            Discovery.Query query,
            @Nullable ServiceInstance service,
            @Nullable Feed before) {
        this.key = key;
        this.discovery = discovery;
        this.query = query;
        this.service = service;
        Found known = before == null ? null : before.found();
        found = known == null || known.endpoints() == null ? Found.nothing(Instant.now()) : known;
        if (service != null) {
            service.retain();
        }
    }

    Key key() {
        return key;
    }

    /** Whom it asks for what, for people. */
    public String source() {
        return key.asked().source();
    }

    /** What is known now. */
    public Found found() {
        return found;
    }

    /** How many lists the source has told, the same again included. */
    public long lists() {
        return lists.sum();
    }

    /** How often a watch has failed. */
    public long failures() {
        return failures.sum();
    }

    /** How long ago the source has told a list, or was asked for the first one. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - toldAt);
    }

    /** Hears of each list that differs from the one before, on the thread of the watch; of the one that is known, at once. */
    void onChange(Consumer<List<Endpoint>> hearer) {
        synchronized (this) {
            listener = hearer;
            List<Endpoint> known = found.endpoints();
            if (known != null) {
                hearer.accept(known);
            }
        }
    }

    /** Nobody hears of its lists any more. */
    void mute() {
        synchronized (this) {
            listener = all -> {};
        }
    }

    void retain() {
        holders++;
    }

    /** Begins to watch, unless it does already. */
    void start() {
        if (thread == null) {
            String name = "discovery of " + key.upstream();
            try {
                thread = service == null
                        ? Thread.ofVirtual().name(name).unstarted(this::watch)
                        : service.thread(name, this::watch);
                thread.start();
            } catch (PluginException e) {
                away(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Waits until a list is known or the source has failed; at most until that moment of {@link System#nanoTime}. */
    void awaitFirst(long deadline) throws InterruptedException {
        if (found.endpoints() == null) {
            boolean known = first.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            LOG.log(Level.DEBUG, "{0}: known at start: {1}", key.upstream(), known);
        }
    }

    /** One lets it go; whether it was the last, so that it ends. {@link #awaitEnd} is to follow then. */
    boolean release() {
        if (--holders > 0) {
            return false;
        }
        ended = true;
        if (thread != null) {
            thread.interrupt();
        }
        return true;
    }

    /** Waits for its watch to end, and lets its service go. */
    void awaitEnd() {
        Thread watching = thread;
        try {
            if (watching != null && !watching.join(END)) {
                LOG.log(
                        Level.WARNING,
                        "upstream {0}: the watch of {1} does not end though it was interrupted",
                        key.upstream(),
                        key.asked().source());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
        if (service != null) {
            service.release();
        }
    }

    private void watch() {
        Pause pause = new Pause();
        while (!ended) {
            long begin = System.nanoTime();
            try {
                discovery.watch(query, this::told);
            } catch (InterruptedException e) {
                if (!ended) {
                    away("interrupted");
                }
            } catch (Throwable e) { // also what a plugin's class loader or its deep recursion throws
                if (!ended) {
                    away(text(e));
                }
            }
            try {
                Thread.sleep(pause.after(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)));
            } catch (InterruptedException e) {
                // it ends, or somebody wants it to ask again now
            }
        }
    }

    private void told(List<Endpoint> all) {
        List<Endpoint> list = List.copyOf(all);
        synchronized (this) {
            if (ended) {
                return;
            }
            toldAt = System.nanoTime();
            lists.increment();
            Found before = found;
            found = before.told(list, Instant.now());
            if (before.away() != null) {
                LOG.log(
                        Level.INFO,
                        "upstream {0}: {1} is back",
                        key.upstream(),
                        key.asked().source());
            }
            if (!list.equals(before.endpoints())) {
                LOG.log(
                        Level.INFO,
                        "upstream {0}: {1} has {2} targets",
                        key.upstream(),
                        key.asked().source(),
                        list.size());
                listener.accept(list);
            }
        }
        first.countDown();
    }

    private void away(String reason) {
        failures.increment();
        synchronized (this) {
            Found before = found;
            found = before.away(reason, Instant.now());
            if (!reason.equals(before.away())) {
                LOG.log(
                        Level.WARNING,
                        "upstream {0}: {1} is away: {2}",
                        key.upstream(),
                        key.asked().source(),
                        reason);
            }
        }
        first.countDown();
    }

    /** A text only: the exception itself holds the plugin's frames. */
    private static String text(Throwable e) {
        try {
            String message = e.getMessage();
            String line = message == null || message.isBlank()
                    ? e.getClass().getSimpleName()
                    : message.strip().replaceAll("\\s+", " ");
            return line.length() <= 300 ? line : line.substring(0, 300) + "…";
        } catch (RuntimeException broken) {
            return e.getClass().getSimpleName();
        }
    }

    /** What is wrong with it, in a sentence; null where nothing is. */
    @Nullable
    String trouble() {
        String trouble = found.trouble(key.asked().source());
        return trouble == null ? null : "upstream " + key.upstream() + ": " + trouble;
    }
}
