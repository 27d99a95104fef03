package dev.sallyport.plugins.elk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sends what is in spools, batch by batch: first those that dead pipelines have left, then its own; and from memory, where the disk
 * takes nothing. One batch is on its way at a time, so that what is in doubt after a failure is that one.
 */
final class Shipper implements Runnable {

    private static final long PAUSE_MILLIS = 1000;
    private static final long LOOK_MILLIS = 5_000;

    /** Of so many looks one goes to the other steps' folders too. */
    private static final long LOOKS_AROUND = 12;

    private final Output output;
    private final Source own;
    private final BooleanSupplier direct;
    private final Waiting waiting;
    private final Tally tally;
    private final Pipeline.Bounds bounds;
    private final Reports reports;
    private final Rejects rejects;
    private final Logger logger;
    private final Backoff backoff;
    private final Bell records = new Bell();
    private final Bell retry = new Bell();
    private final Set<Path> roots = ConcurrentHashMap.newKeySet();
    private final List<Source> orphans = new CopyOnWriteArrayList<>();
    private volatile @Nullable Trouble trouble;
    private volatile @Nullable String destination;
    private volatile long stoppedAt;
    private volatile boolean stopping;

    // Of the shipping thread.
    private @Nullable Held held;
    private long lookedAt = System.nanoTime() - LOOK_MILLIS * 1_000_000;
    private long looks;
    private boolean over;
    private boolean unreadable;

    /** Records on their way, and where they are from; no spool for memory. */
    private record Held(@Nullable Spool spool, Batch batch) {}

    /** A spool; its own has its folder closed by the pipeline. */
    private record Source(Spool spool, SpoolFolders.@Nullable Owned folder) {}

    Shipper(
            Output output,
            Spool own,
            BooleanSupplier direct,
            Waiting waiting,
            Tally tally,
            Rejects rejects,
            Pipeline.Bounds bounds,
            Logger logger) {
        this.output = output;
        this.own = new Source(own, null);
        this.direct = direct;
        this.waiting = waiting;
        this.tally = tally;
        this.rejects = rejects;
        this.bounds = bounds;
        this.logger = logger;
        reports = new Reports(logger, tally);
        backoff = new Backoff(bounds.first(), bounds.most());
    }

    /** Looks into that folder too for what others have left. */
    void adopt(Path root) {
        roots.add(root.normalize());
    }

    /** Looks beside those folders too, for what steps that are gone have left for that destination. */
    void adoptAllFor(String to) {
        destination = to;
    }

    /** There is something to send. */
    void wake() {
        records.ring();
    }

    /** Does not wait any longer for the next try. */
    void retry() {
        retry.ring();
        records.ring();
    }

    /** Ends once it has sent all, or sending fails, or that takes long. */
    void stop() {
        stoppedAt = System.nanoTime();
        stopping = true;
        retry();
    }

    @Nullable
    Trouble trouble() {
        return trouble;
    }

    long spoolBytes() {
        long bytes = own.spool().bytes();
        for (Source orphan : orphans) {
            bytes += orphan.spool().bytes();
        }
        return bytes;
    }

    @Override
    public void run() {
        try {
            while (!isOver()) {
                try {
                    turn();
                } catch (RuntimeException | Error e) {
                    failed(e);
                }
            }
        } finally {
            end();
        }
    }

    private boolean isOver() {
        boolean late = stopping && System.nanoTime() - stoppedAt > Pipeline.PATIENCE.toNanos();
        return over || late || Thread.currentThread().isInterrupted();
    }

    private void turn() {
        if (held == null && System.nanoTime() - lookedAt >= LOOK_MILLIS * 1_000_000) {
            lookedAt = System.nanoTime();
            look();
        }
        if (held == null) {
            held = next();
        }
        reports.tell(trouble);
        if (trouble == null) {
            output.tend();
        }
        Held now = held;
        if (now == null) {
            over = stopping;
            if (!over) {
                records.await(PAUSE_MILLIS);
            }
            return;
        }
        held = send(now);
        Trouble why = trouble;
        if (why != null) {
            over = stopping;
            if (!over) {
                retry.await(backoff.next(why.kind()));
            }
        }
    }

    /** A fault of this plugin's own, or of the process: no reason to stop for good. */
    private void failed(Throwable e) {
        trouble = new Trouble(Trouble.Kind.AWAY, "failed: " + Texts.shortened(e.toString()));
        reports.failed(e);
        Held now = held;
        if (now != null) {
            Batch batch = now.batch();
            Doubt doubt = batch.doubt() == null ? new Doubt(null) : batch.doubt();
            held = new Held(now.spool(), new Batch(batch.entries(), batch.from(), batch.to(), doubt));
        }
        over = stopping;
        if (!over) {
            retry.await(PAUSE_MILLIS);
        }
    }

    private @Nullable Held next() {
        try {
            Held next = read();
            if (unreadable) {
                unreadable = false;
                trouble = null;
            }
            return next;
        } catch (IOException e) {
            reports.disk(e);
            unreadable = true;
            trouble = new Trouble(Trouble.Kind.AWAY, "the spool cannot be read: " + Texts.shortened(e.toString()));
            return null;
        }
    }

    private @Nullable Held read() throws IOException {
        while (!orphans.isEmpty()) {
            Source orphan = orphans.getFirst();
            Batch batch = read(orphan.spool());
            if (batch != null) {
                return new Held(orphan.spool(), batch);
            }
            orphans.remove(orphan);
            close(orphan);
        }
        Batch batch = read(own.spool());
        if (batch != null) {
            return new Held(own.spool(), batch);
        }
        List<Entry> entries = direct.getAsBoolean() && own.spool().isEmpty()
                ? waiting.take(bounds.batchEntries(), bounds.batchBytes(), 0)
                : List.of();
        return entries.isEmpty() ? null : new Held(null, new Batch(entries, null, null, null));
    }

    private @Nullable Batch read(Spool spool) throws IOException {
        try {
            return spool.read(bounds.batchEntries(), bounds.batchBytes());
        } finally {
            tally.dropped(Tally.Reason.DAMAGE, spool.newDamages());
        }
    }

    /** What is still to be sent of it; null for nothing. */
    private @Nullable Held send(Held held) {
        Batch batch = held.batch();
        Spool spool = held.spool();
        Outcome outcome = output.send(batch.entries(), batch.doubt());
        tally.sent.add(outcome.arrived());
        tally.before.add(outcome.before());
        tally.perhapsDouble.add(outcome.perhapsDouble());
        tally.rejected.add(outcome.rejected().size());
        tally.retried.add(outcome.again().size());
        outcome.rejected().forEach(this::rejected);
        trouble = outcome.trouble();
        try {
            if (outcome.again().isEmpty()) {
                backoff.reset();
                settled(spool, batch);
                return null;
            }
            Doubt doubt = batch.doubt();
            if (outcome.isUnknown()) {
                if (doubt == null) {
                    doubt = new Doubt(spool == null ? output.place() : spool.place());
                }
                if (spool != null) {
                    spool.doubt(batch);
                }
            }
            return rest(held, outcome, doubt);
        } catch (IOException e) {
            reports.disk(e);
            return outcome.again().isEmpty() ? null : rest(held, outcome, batch.doubt());
        }
    }

    private void rejected(Outcome.Rejection rejection) {
        reports.rejected(rejection);
        try {
            rejects.keep(rejection);
        } catch (IOException e) {
            reports.disk(e);
        }
    }

    private void settled(@Nullable Spool spool, Batch batch) throws IOException {
        if (spool == null) {
            waiting.release(batch.entries());
        } else {
            spool.done(batch, output.place());
        }
    }

    private @Nullable Held rest(Held held, Outcome outcome, @Nullable Doubt doubt) {
        Batch batch = held.batch();
        Doubt known = outcome.isUnknown() && doubt == null ? new Doubt(null) : doubt;
        List<Entry> again = outcome.again();
        if (held.spool() == null) {
            List<Entry> settled = new ArrayList<>(batch.entries());
            settled.removeAll(again);
            waiting.release(settled);
            again = toDisk(again, known);
            if (again.isEmpty()) {
                return null;
            }
        } else if (again.size() == batch.entries().size()
                && Objects.requireNonNull(outcome.trouble()).kind() == Trouble.Kind.REFUSED) {
            return null; // read again, with what has come since: among others it shows whether one of these is at fault
        }
        return new Held(held.spool(), new Batch(again, batch.from(), batch.to(), known));
    }

    /** Records of memory that could not be sent: perhaps the disk takes them now. What it does not take is left. */
    private List<Entry> toDisk(List<Entry> entries, @Nullable Doubt doubt) {
        int taken = own.spool().append(entries).taken();
        waiting.release(entries.subList(0, taken));
        if (taken > 0 && doubt != null) {
            try {
                own.spool().doubtAll();
            } catch (IOException e) {
                reports.disk(e);
            }
        }
        return entries.subList(taken, entries.size());
    }

    /** Leaves all in good order for who comes next. */
    private void end() {
        Held last = held;
        if (last != null && last.spool() == null) {
            waiting.putBack(last.batch().entries());
        } else if (last != null && last.spool() != null) {
            try {
                last.spool().doubt(last.batch()); // a part of it may have arrived
            } catch (IOException e) {
                reports.disk(e);
            }
        }
        for (Source orphan : orphans) {
            close(orphan);
        }
        orphans.clear();
        reports.last(trouble);
    }

    private void look() {
        for (Path root : roots) {
            look(root, null);
        }
        String to = destination;
        if (to == null || ++looks % LOOKS_AROUND != 1) {
            return;
        }
        for (Path root : roots) {
            try (Stream<Path> all = Files.list(root.resolveSibling("."))) {
                all.filter(other -> Files.isDirectory(other) && !roots.contains(other.normalize()))
                        .forEach(other -> look(other.normalize(), to));
            } catch (IOException | UncheckedIOException e) {
                // nobody else's records can be looked for
            }
        }
    }

    private void look(Path root, @Nullable String to) {
        try {
            for (SpoolFolders.Owned folder : SpoolFolders.orphans(root, to)) {
                open(folder);
            }
        } catch (IOException | UncheckedIOException e) {
            if (to == null) {
                reports.disk(new IOException(e));
            }
        }
    }

    private void open(SpoolFolders.Owned folder) throws IOException {
        try {
            Spool spool = new Spool(folder.path(), bounds.spool(), bounds.segment(), bounds.sync());
            logger.log(Level.INFO, "elk: sends what was left in " + folder.path());
            orphans.add(new Source(spool, folder));
        } catch (IOException | RuntimeException e) {
            folder.close(); // it is tried again
            reports.disk(new IOException(folder.path() + ": " + e, e));
        }
    }

    private void close(Source orphan) {
        SpoolFolders.Owned folder = orphan.folder();
        try (folder) {
            orphan.spool().close();
        } catch (IOException e) {
            reports.disk(e);
        }
    }
}
