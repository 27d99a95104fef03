package dev.sallyport.plugins.analytics;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Request;
import dev.sallyport.records.JsonLines;
import dev.sallyport.records.QueryMask;
import dev.sallyport.records.Shown;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/** Counts exchanges that have ended, minute by minute, and puts each minute on the shelf when it is over. Thread-safe. */
final class Recorder implements AutoCloseable {

    private static final long MINUTE = 60_000;
    private static final int LONGEST_PATH = 256;
    private static final int LONGEST_NAME = 128;
    private static final int FAILED = 500;

    private final AnalyticsConfig config;
    private final Shelf shelf;
    private final InstantSource clock;
    private final Logger logger;
    private final QueryMask mask;
    private final JsonLines lines;
    private final LongAdder collapsed = new LongAdder();
    private final LongAdder lost = new LongAdder();
    /** Held for as long as one minute takes the place of another, never while anything is read or written. */
    private final Object rolling = new Object();
    /** Held by whoever reads or writes the shelf. */
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
        lines = new JsonLines(mask, List.of());
        current = new Minute(clock.millis() / MINUTE, config, collapsed);
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
                                clock.millis(), key.route(), completion.status(), lines.line(request, completion))
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
                over = List.copyOf(more);
                current = new Minute(now, config, collapsed);
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
                    shelf.write(each.number(), slice);
                } catch (IOException e) {
                    long count = slice.series().values().stream()
                            .mapToLong(totals -> totals.count)
                            .sum();
                    lost.add(count);
                    logger.log(Level.WARNING, "analytics: " + count + " requests are not kept, since " + e);
                }
                synchronized (rolling) {
                    over = over.stream().filter(other -> other != each).toList();
                }
            }
        }
    }

    /** Gives each slice of these minutes, see {@link Shelf#read}: those on the shelf, and what is not there yet. */
    void read(long from, long to, boolean withPaths, BiConsumer<Long, Slice> reader) throws IOException {
        synchronized (shelving) {
            shelf.read(from, to, withPaths, reader);
            List<Minute> more = new ArrayList<>();
            synchronized (rolling) {
                more.addAll(over);
                more.add(current);
            }
            for (Minute each : more) {
                if (each.number() >= from && each.number() < to) {
                    reader.accept(each.number(), each.soFar());
                }
            }
        }
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
            current = new Minute(clock.millis() / MINUTE, config, collapsed);
        }
        shelve();
    }
}
