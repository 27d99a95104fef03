package dev.sallyport.plugins.elk;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends what is in spools, batch by batch: first those that dead pipelines have left, then its own; and from memory, where the disk
 * takes nothing. One batch is on its way at a time, so that what is in doubt after a failure is that one.
 */
final class Shipper implements Runnable {

    private static final long PAUSE_MILLIS = 1000;
    private static final long LOOK_MILLIS = 5_000;

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
    private volatile boolean stopping;

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
        roots.add(root);
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

    /** Ends once it has sent all, or sending fails. */
    void stop() {
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
        Held held = null;
        long lookedAt = System.nanoTime() - LOOK_MILLIS * 1_000_000;
        while (!Thread.currentThread().isInterrupted()) {
            if (held == null && System.nanoTime() - lookedAt >= LOOK_MILLIS * 1_000_000) {
                lookedAt = System.nanoTime();
                look();
            }
            if (held == null) {
                held = next();
            }
            reports.tell(trouble);
            if (held == null) {
                if (stopping) {
                    break;
                }
                output.tend();
                records.await(PAUSE_MILLIS);
                continue;
            }
            held = send(held);
            if (held != null) {
                if (stopping) {
                    break;
                }
                retry.await(backoff.next(Objects.requireNonNull(trouble).kind()));
            }
        }
        end(held);
    }

    private @Nullable Held next() {
        try {
            while (!orphans.isEmpty()) {
                Source orphan = orphans.getFirst();
                Batch batch = orphan.spool().read(bounds.batchEntries(), bounds.batchBytes());
                if (batch != null) {
                    return new Held(orphan.spool(), batch);
                }
                orphans.remove(orphan);
                close(orphan);
            }
            Batch batch = own.spool().read(bounds.batchEntries(), bounds.batchBytes());
            if (batch != null) {
                return new Held(own.spool(), batch);
            }
            List<Entry> entries =
                    direct.getAsBoolean() && own.spool().isEmpty() ? waiting.take(bounds.batchBytes(), 0) : List.of();
            return entries.isEmpty() ? null : new Held(null, new Batch(entries, null, null, null));
        } catch (IOException e) {
            reports.disk(e);
            return null;
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

    private Held rest(Held held, Outcome outcome, @Nullable Doubt doubt) {
        Batch batch = held.batch();
        if (held.spool() == null) {
            List<Entry> settled = new ArrayList<>(batch.entries());
            settled.removeAll(outcome.again());
            waiting.release(settled);
        }
        Doubt known = outcome.isUnknown() && doubt == null ? new Doubt(null) : doubt;
        return new Held(held.spool(), new Batch(outcome.again(), batch.from(), batch.to(), known));
    }

    /** Leaves all in good order for who comes next. */
    private void end(@Nullable Held held) {
        if (held != null && held.spool() == null) {
            waiting.putBack(held.batch().entries());
        } else if (held != null && held.spool() != null) {
            try {
                held.spool().doubt(held.batch()); // a part of it may have arrived
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
            try {
                for (SpoolFolders.Owned folder : SpoolFolders.orphans(root)) {
                    logger.log(Level.INFO, "elk: sends what was left in " + folder.path());
                    orphans.add(new Source(
                            new Spool(folder.path(), bounds.spool(), bounds.segment(), bounds.sync()), folder));
                }
            } catch (IOException e) {
                reports.disk(e);
            }
        }
    }

    private void close(Source orphan) {
        SpoolFolders.Owned folder = orphan.folder();
        try {
            orphan.spool().close();
            if (folder != null) {
                folder.close();
            }
        } catch (IOException e) {
            reports.disk(e);
        }
    }
}
