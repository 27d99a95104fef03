package dev.sallyport.plugins.elk;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The way of records from requests to a destination: memory, disk, network. One is shared by all steps with the same destination.
 *
 * <ol>
 *   <li>{@link #offer} never waits. What it took is on disk a moment later, and leaves the disk when it has arrived.
 *   <li>Where the disk takes nothing, records wait in memory, and are sent from there once all on disk has arrived; where that is
 *       full, they are dropped and counted.
 *   <li>{@link #close} puts what waits onto the disk, sends for {@link #PATIENCE} while that works, and leaves the rest to the next
 *       pipeline of the folder.
 * </ol>
 *
 * <p>Its two threads are platform threads: what blocks in a file would hold the carrier of a virtual one.
 */
final class Pipeline implements AutoCloseable {

    /** How long each part of closing may take. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final long CHUNK = 1 << 20;
    private static final long PAUSE_MILLIS = 1000;

    private final Waiting waiting;
    private final Output output;
    private final SpoolFolders.Owned folder;
    private final Spool spool;
    private final Shipper shipper;
    private final Logger logger;
    private final Tally tally = new Tally();
    private final Bell pause = new Bell();
    private final Speaker speaker = new Speaker();
    private final Thread writing;
    private final Thread shipping;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable IOException diskTrouble;

    /**
     * How much is kept where.
     *
     * @param memory bytes in memory
     * @param spool bytes on disk
     * @param segment bytes of one file of those
     * @param sync when the disk is synchronised
     * @param first the wait after a first failure
     * @param most the longest wait
     * @param batchEntries the most records that are sent together
     * @param batchBytes about the most bytes that are
     */
    record Bounds(
            long memory,
            long spool,
            long segment,
            Sync sync,
            Duration first,
            Duration most,
            int batchEntries,
            long batchBytes) {}

    /**
     * Opens one.
     *
     * @param root the folder under which it finds or makes one for itself
     * @throws IOException where that cannot be
     */
    Pipeline(Output output, Path root, Bounds bounds, Logger logger) throws IOException {
        this.output = output;
        this.logger = logger;
        waiting = new Waiting(bounds.memory());
        folder = SpoolFolders.claim(root);
        try {
            spool = new Spool(folder.path(), bounds.spool(), bounds.segment(), bounds.sync());
        } catch (IOException e) {
            folder.close();
            throw e;
        }
        shipper = new Shipper(output, spool, this::direct, waiting, tally, new Rejects(root), bounds, logger);
        shipper.adopt(root);
        writing = thread("write", this::write);
        shipping = thread("ship", shipper);
        writing.start();
        shipping.start();
    }

    private static Thread thread(String what, Runnable task) {
        Thread thread = Thread.ofPlatform()
                .name("elk " + what)
                .daemon()
                .inheritInheritableThreadLocals(false)
                .unstarted(task);
        thread.setContextClassLoader(Pipeline.class.getClassLoader()); // libraries look there for their parts
        return thread;
    }

    /** Takes a record, or drops it where there is no room. */
    void offer(Entry entry) {
        if (entry.size() > Segment.MOST / 2) {
            tally.dropped(Tally.Reason.SIZE, 1);
        } else if (waiting.offer(entry)) {
            tally.taken.increment();
        } else {
            tally.dropped(Tally.Reason.QUEUE, 1);
        }
    }

    /** Looks for what dead pipelines have left in another step's folder too. */
    void adopt(Path root) {
        shipper.adopt(root);
    }

    /** Looks among all steps' folders for what those that are gone have left for that destination, and says whose its own are. */
    void adoptAllFor(String destination) {
        try {
            SpoolFolders.setDestination(folder.path(), destination);
        } catch (IOException e) {
            failed(e);
        }
        shipper.adoptAllFor(destination);
    }

    private void write() {
        long syncedAt = System.nanoTime();
        while (true) {
            List<Entry> taken = waiting.take(Integer.MAX_VALUE, CHUNK, PAUSE_MILLIS);
            if (taken.isEmpty() && waiting.isClosed()) {
                return;
            }
            if (!taken.isEmpty() && !append(taken)) {
                if (waiting.isClosed()) {
                    return;
                }
                pause.await(PAUSE_MILLIS);
            }
            if (System.nanoTime() - syncedAt >= Duration.ofSeconds(1).toNanos()) {
                syncedAt = System.nanoTime();
                try {
                    spool.sync();
                } catch (IOException e) {
                    failed(e);
                }
            }
        }
    }

    /** Whether the disk took them, or will never. */
    private boolean append(List<Entry> taken) {
        Spool.Appended appended;
        try {
            appended = spool.append(taken);
        } catch (RuntimeException | Error e) {
            appended = new Spool.Appended(0, new IOException(e)); // no reason to stop for good
        }
        waiting.release(taken.subList(0, appended.taken()));
        if (appended.taken() > 0) {
            shipper.wake();
        }
        List<Entry> rest = taken.subList(appended.taken(), taken.size());
        IOException failure = appended.failure();
        if (failure != null) {
            waiting.putBack(rest);
            failed(failure);
            shipper.wake();
            return false;
        }
        if (!rest.isEmpty()) {
            waiting.release(rest);
            tally.dropped(Tally.Reason.SPOOL, rest.size());
            return true;
        }
        if (diskTrouble != null) {
            diskTrouble = null;
            logger.log(Level.INFO, "elk: the spool in " + folder.path() + " can be written again");
        }
        return true;
    }

    private void failed(IOException e) {
        if (diskTrouble == null) {
            logger.log(
                    Level.WARNING,
                    "elk: the spool in " + folder.path() + " cannot be written (" + e.getMessage()
                            + "); records wait in memory, and what that has no room for is dropped");
        }
        diskTrouble = e;
    }

    /** Whether records are to be sent from memory. */
    private boolean direct() {
        return diskTrouble != null;
    }

    /** Tries again at once. */
    void flush() {
        pause.ring();
        shipper.retry();
    }

    Tally tally() {
        return tally;
    }

    Speaker speaker() {
        return speaker;
    }

    long queueBytes() {
        return waiting.bytes();
    }

    long spoolBytes() {
        return shipper.spoolBytes();
    }

    /** Why nothing arrives; null where all is well. */
    @Nullable
    Trouble trouble() {
        return shipper.trouble();
    }

    /** For people. */
    Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        Trouble trouble = trouble();
        IOException disk = diskTrouble;
        state.put("sending", trouble == null ? "works" : trouble.reason());
        state.put("disk", disk == null ? "works" : String.valueOf(disk.getMessage()));
        state.put("folder", folder.path().toString());
        state.put("queueBytes", queueBytes());
        state.put("spoolBytes", spoolBytes());
        state.put("damagedBytes", spool.damagedBytes());
        state.put("taken", tally.taken.sum());
        state.put("sent", tally.sent.sum());
        state.put("sentBefore", tally.before.sum());
        state.put("perhapsDouble", tally.perhapsDouble.sum());
        state.put("rejected", tally.rejected.sum());
        state.put("retried", tally.retried.sum());
        state.put("dropped", tally.dropped());
        return state;
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        waiting.close();
        pause.ring();
        join(writing, PATIENCE);
        shipper.stop();
        if (!join(shipping, PATIENCE)) {
            output.close(); // ends a send that hangs
            if (!join(shipping, PATIENCE)) {
                shipping.interrupt();
                join(shipping, PATIENCE);
            }
        }
        output.close();
        if (writing.isAlive() || shipping.isAlive()) {
            logger.log(
                    Level.WARNING, "elk: the spool in " + folder.path() + " is closed later, its disk or output hangs");
            thread("close", this::finish).start();
        } else {
            finish();
        }
    }

    /** Gives the folder up, but not before both threads have let go of it: the next one may have it at once. */
    private void finish() {
        try {
            writing.join();
            shipping.join();
        } catch (InterruptedException e) {
            return; // the process ends: that takes the lock away too
        }
        leave();
    }

    private void leave() {
        List<Entry> left = waiting.take(Integer.MAX_VALUE, Long.MAX_VALUE, 0);
        int lost = left.size() - toDisk(left);
        if (lost > 0) {
            tally.dropped(Tally.Reason.DISK, lost);
            logger.log(
                    Level.WARNING, "elk: " + lost + " records dropped, the disk took them not and the gateway stops");
        }
        try (folder) {
            boolean empty = spool.isEmpty();
            spool.close();
            if (!empty) {
                logger.log(
                        Level.INFO,
                        "elk: " + spool.bytes() + " bytes of records wait in " + folder.path() + " for the next start");
            }
        } catch (IOException e) {
            logger.log(Level.WARNING, "elk: the spool in " + folder.path() + " was not closed in good order: " + e);
        }
    }

    /** What could not be sent from memory; some of it may have arrived. */
    private int toDisk(List<Entry> left) {
        int taken = spool.append(left).taken();
        try {
            if (taken > 0) {
                spool.doubtAll();
            }
        } catch (IOException e) {
            failed(e);
        }
        return taken;
    }

    private static boolean join(Thread thread, Duration patience) {
        try {
            return thread.join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
