package dev.sallyport.plugins.analytics;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Request;
import dev.sallyport.records.QueryMask;
import dev.sallyport.records.Shown;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Counts exchanges that have ended, minute by minute, and puts each minute on the shelf when it is over. Thread-safe. */
final class Recorder implements AutoCloseable {

    private static final long MINUTE = 60_000;
    private static final int LONGEST_PATH = 256;
    private static final int LONGEST_NAME = 128;
    private static final int FAILED = 500;

    /** So many minutes wait where the disk is stuck. */
    private static final int MOST_OVER = 30;

    /** So often a question begins again where files are put together while it reads. */
    private static final int MOST_READINGS = 5;

    private final AnalyticsConfig config;
    private final Shelf shelf;
    private final InstantSource clock;
    private final Logger logger;
    private final QueryMask mask;
    private final Samples samples;
    private final LongAdder collapsed = new LongAdder();
    private final LongAdder lost = new LongAdder();
    /** Held for as long as one minute takes the place of another, never while anything is read or written. */
    private final Object rolling = new Object();
    /** Held by whoever writes to the shelf. */
    private final Object shelving = new Object();

    private volatile Minute current;
    /** What is over and not on the shelf yet. */
    private List<Minute> over = List.of();

    Recorder(AnalyticsConfig config, Shelf shelf, InstantSource clock, Logger logger) {
        this.config = config;
        this.shelf = shelf;
        this.clock = clock;
        this.logger = logger;
        mask = new QueryMask(config.maskQuery());
        samples = new Samples(mask);
        current = begun(clock.millis() / MINUTE);
    }

    private Minute begun(long minute) {
        return new Minute(minute, shelf.name(minute), config, collapsed);
    }

    /** Counts an exchange that has ended. */
    void add(Request request, Completion completion) {
        Exchange exchange = request.exchange();
        Consumer consumer = exchange.consumer();
        String route = exchange.route();
        boolean failed = completion.status() >= FAILED || completion.outcome() == Outcome.FAILED;
        Key key = new Key(
                route == null ? "" : route,
                consumer == null ? "" : cut(consumer.name(), LONGEST_NAME),
                completion.status(),
                config.clients().name(exchange.client()));
        long micros = completion.duration().toNanos() / 1000;
        Minute minute = minute();
        while (!minute.add(key, failed, completion.requestBytes(), completion.responseBytes(), micros)) {
            minute = minute();
        }
        minute.add(
                cut(Shown.of(request, mask).path(), LONGEST_PATH),
                failed
                        ? () -> new Sample(
                                clock.millis(), key.route(), completion.status(), samples.json(request, completion))
                        : null);
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }

    /** The one that is now. */
    private Minute minute() {
        long now = clock.millis() / MINUTE;
        Minute minute = current;
        return minute.number() == now ? minute : next(now);
    }

    private Minute next(long now) {
        synchronized (rolling) {
            Minute before = current;
            if (before.number() != now) {
                List<Minute> more = new ArrayList<>(over);
                more.add(before);
                if (more.size() > MOST_OVER) {
                    Minute oldest = more.remove(1); // the first one is being written
                    oldest.seal();
                    lost.add(oldest.count());
                }
                over = List.copyOf(more);
                current = begun(now);
            }
            return current;
        }
    }

    private List<Minute> over() {
        synchronized (rolling) {
            return over;
        }
    }

    /** Puts on the shelf what is over; called now and then. */
    void flush() {
        minute();
        shelve();
    }

    private void shelve() {
        synchronized (shelving) {
            for (Minute each : over()) {
                Slice slice = each.seal();
                try {
                    shelf.write(each.name(), slice);
                } catch (IOException e) {
                    long count = each.count();
                    lost.add(count);
                    logger.log(Level.WARNING, "analytics: " + count + " requests are not kept, since " + e);
                }
                synchronized (rolling) {
                    over = over.stream().filter(other -> other != each).toList();
                }
            }
        }
    }

    /**
     * Reads these minutes, see {@link Shelf#read}: those on the shelf, and what is not there yet. Nobody who counts or writes
     * waits for it.
     *
     * @param anew makes one that has read nothing yet; another one is made where reading begins again
     * @throws IOException where it cannot be read, or the thread was interrupted
     */
    <R extends Reading> R read(long from, long to, boolean withPaths, Supplier<R> anew) throws IOException {
        for (int i = 0; i < MOST_READINGS; i++) {
            List<Minute> unwritten = new ArrayList<>();
            synchronized (rolling) {
                unwritten.addAll(over);
                unwritten.add(current);
            }
            R reading = anew.get();
            if (shelf.read(from, to, withPaths, unwritten, reading)) {
                return reading;
            }
        }
        throw new IOException("its files were put together each time that they were read; ask again");
    }

    /** How many combinations the current minute has. */
    int series() {
        return current.size();
    }

    /** Requests that were not counted apart, since there were too many combinations. */
    long collapsed() {
        return collapsed.sum();
    }

    /** Requests that could not be kept. */
    long lost() {
        return lost.sum();
    }

    /** Keeps also what is not over yet. */
    @Override
    public void close() {
        synchronized (rolling) {
            List<Minute> more = new ArrayList<>(over);
            more.add(current);
            over = List.copyOf(more);
            current = begun(clock.millis() / MINUTE);
        }
        shelve();
    }
}
