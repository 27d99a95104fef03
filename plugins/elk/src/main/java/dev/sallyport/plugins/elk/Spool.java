package dev.sallyport.plugins.elk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Records in a folder, first in, first out, until they have arrived. One thread appends, one reads; each may be any.
 *
 * <ol>
 *   <li>What {@link #append} has taken is read in the same order, also by the next process, and read again until {@link #done} was
 *       told. A record that was being written when the process died is not there; none before it is lost.
 *   <li>The files take no more than a given size. What does not fit is not taken.
 *   <li>A read whose records may have arrived already says so ({@link Batch#doubt}): after {@link #doubt}, and for all that was
 *       there when the spool is opened after a death.
 *   <li>Where the disk fails or is full, what was taken before stays readable, and appending works again once there is room.
 * </ol>
 *
 * <p>It expects to be alone in its folder: {@link SpoolFolders} sees to that.
 */
final class Spool implements AutoCloseable {

    private static final int CHUNK = 256 << 10;

    /** A segment of this size that has been read to its end is not written on, so that its space is free. */
    private static final long WORTH_FREEING = 1 << 20;

    /** How often a segment that cannot be read is tried again before it is passed over. */
    private static final int TRIES = 5;

    private final Path folder;
    private final long most;
    private final long segmentSize;
    private final Sync sync;
    private final SpoolReader reader;

    // All guarded by this.
    private final SortedMap<Long, Long> segments = new TreeMap<>(); // sizes by number; the last one's is the end's
    private long bytes;
    private long next;
    private @Nullable FileChannel tail;
    private Position end;
    private Position at;
    private Position doubtTo;
    private @Nullable String doubtPlace;
    private @Nullable String place;
    private boolean unsynced;
    private boolean closed;
    private int failures;
    private long damages;
    private long damagesTold;

    /**
     * Opens a folder, and takes away what the last process left half written.
     *
     * @param most bytes that its files may take
     * @param segmentSize bytes after which a new file is begun
     */
    Spool(Path folder, long most, long segmentSize, Sync sync) throws IOException {
        this.folder = folder;
        this.most = most;
        this.segmentSize = segmentSize;
        this.sync = sync;
        Checkpoint left = Checkpoint.read(folder);
        Position sent = left == null ? Position.START : left.at();
        List<Long> found = Segment.numbers(folder);
        end = sent;
        for (Long number : found) {
            Path file = Segment.file(folder, number);
            long whole = number.equals(found.getLast()) ? cutTail(file) : Files.size(file);
            if (number < sent.segment() || whole <= Segment.HEADER) {
                Files.deleteIfExists(file);
            } else {
                segments.put(number, whole);
                bytes += whole;
                end = new Position(number, whole);
            }
        }
        next = Math.max(sent.segment(), found.isEmpty() ? 0 : found.getLast()) + 1;
        at = segments.isEmpty() || !sent.before(end)
                ? end
                : later(sent, new Position(segments.firstKey(), Segment.HEADER));
        place = left == null ? null : left.place();
        doubtTo = left != null && left.closed() ? left.doubtTo() : end;
        doubtPlace = left == null ? null : at.before(left.doubtTo()) ? left.doubtPlace() : left.place();
        reader = new SpoolReader(folder);
        begin();
    }

    /** From now on a death leaves all in doubt, so no checkpoint may say otherwise. */
    private void begin() throws IOException {
        try {
            checkpoint(false).write(folder, true);
        } catch (IOException noRoom) {
            Checkpoint.delete(folder);
        }
    }

    private long cutTail(Path file) throws IOException {
        long whole = Segment.wholeTo(file);
        damages += Files.size(file) > Math.max(whole, Segment.HEADER) ? 1 : 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(whole);
        }
        return whole;
    }

    private static Position later(Position one, Position other) {
        return one.before(other) ? other : one;
    }

    /**
     * What became of an {@link #append}.
     *
     * @param taken how many of the records, from the first on, are in the spool
     * @param failure why the others are not; null where they did not fit, or all are
     */
    record Appended(int taken, @Nullable IOException failure) {}

    /** Appends records, as far as they fit. */
    synchronized Appended append(List<Entry> entries) {
        int taken = 0;
        if (closed) {
            return new Appended(0, new IOException(folder + " is closed"));
        }
        try {
            while (taken < entries.size()) {
                int size = Segment.HEADER + entries.get(taken).size();
                if (bytes + size > most && isEmpty()) {
                    freeAll();
                }
                if (tail == null || end.offset() >= segmentSize) {
                    if (bytes + size > most) {
                        return new Appended(taken, null);
                    }
                    roll();
                }
                int count = write(entries, taken);
                if (count == 0) {
                    return new Appended(taken, null);
                }
                taken += count;
            }
            if (sync == Sync.ALWAYS) {
                sync();
            }
            return new Appended(taken, null);
        } catch (IOException e) {
            return new Appended(taken, e);
        }
    }

    /** Writes records from the index on, as many as make one write; 0 where the first does not fit any more. */
    private int write(List<Entry> entries, int from) throws IOException {
        int count = 0;
        int size = 0;
        while (from + count < entries.size()) {
            int more = entries.get(from + count).size();
            boolean whole = count > 0 && (size + more > CHUNK || end.offset() + size >= segmentSize);
            if (whole || bytes + size + more > most) {
                break;
            }
            size += more;
            count++;
        }
        ByteBuffer buffer = ByteBuffer.allocate(size);
        for (Entry entry : entries.subList(from, from + count)) {
            Segment.put(buffer, entry);
        }
        put(buffer.flip());
        return count;
    }

    /** Writes at the end, wholly or not at all: what a full disk has cut off is written over by the next one. */
    private void put(ByteBuffer buffer) throws IOException {
        FileChannel open = tail;
        if (open == null) {
            throw new IllegalStateException();
        }
        long offset = end.offset();
        while (buffer.hasRemaining()) {
            offset += open.write(buffer, offset);
        }
        bytes += offset - end.offset();
        end = new Position(end.segment(), offset);
        unsynced = true;
    }

    private void roll() throws IOException {
        FileChannel old = tail;
        if (old != null) {
            sync();
            // What a failed write left behind the end would look like a record that is torn.
            old.truncate(end.offset());
            old.close();
            tail = null;
        }
        Path file = Segment.file(folder, next++); // one that cannot be made is not tried again
        FileChannel opened = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            ByteBuffer header = Segment.header();
            while (header.hasRemaining()) {
                opened.write(header);
            }
        } catch (IOException e) {
            opened.close();
            Files.deleteIfExists(file);
            next--;
            throw e;
        }
        boolean caughtUp = isEmpty();
        tail = opened;
        if (!segments.isEmpty()) {
            segments.put(segments.lastKey(), end.offset());
        }
        end = new Position(next - 1, Segment.HEADER);
        if (caughtUp) {
            at = end;
        }
        segments.put(end.segment(), end.offset());
        bytes += Segment.HEADER;
    }

    /** Waits until the disk has what was written; does nothing where it has. */
    synchronized void sync() throws IOException {
        if (unsynced && tail != null) {
            if (sync != Sync.NEVER) {
                tail.force(false);
            }
            unsynced = false;
        }
    }

    /**
     * The next records that have not arrived; the same ones until {@link #done}.
     *
     * @return null where there are none
     */
    @Nullable
    Batch read(int mostEntries, long mostBytes) throws IOException {
        while (true) {
            Position from;
            Position to;
            List<Long> all;
            Doubt doubt;
            synchronized (this) {
                from = at;
                boolean doubtful = at.before(doubtTo);
                to = doubtful && doubtTo.before(end) ? doubtTo : end;
                doubt = doubtful ? new Doubt(doubtPlace) : null;
                all = List.copyOf(segments.keySet());
                if (closed || !from.before(to)) {
                    return null;
                }
            }
            SpoolReader.Read read = read(from, to, all, mostEntries, mostBytes);
            if (!read.entries().isEmpty()) {
                return new Batch(read.entries(), from, read.to(), doubt);
            }
            arrived(read.to()); // nothing but damage
        }
    }

    /** Passes over a segment that is gone, or that cannot be read for long: the others can. */
    private SpoolReader.Read read(Position from, Position to, List<Long> all, int mostEntries, long mostBytes)
            throws IOException {
        try {
            SpoolReader.Read read = reader.read(from, to, all, mostEntries, mostBytes);
            failures = 0;
            return read;
        } catch (IOException e) {
            if (!(e instanceof NoSuchFileException) && ++failures < TRIES) {
                throw e;
            }
            failures = 0;
            return new SpoolReader.Read(List.of(), reader.passOver(from, sizeOf(from.segment()), all, to));
        }
    }

    private synchronized long sizeOf(long segment) {
        return segment == end.segment() ? end.offset() : segments.getOrDefault(segment, 0L);
    }

    /**
     * Those records have arrived.
     *
     * @param nowPlace the index that they went to; null for no news
     * @throws IOException where that cannot be written down: then the next process asks for them
     */
    void done(Batch batch, @Nullable String nowPlace) throws IOException {
        Position to = batch.to();
        if (to == null) {
            return;
        }
        synchronized (this) {
            place = nowPlace == null ? place : nowPlace;
        }
        arrived(to);
    }

    private synchronized void arrived(Position to) throws IOException {
        if (closed) {
            return; // the folder may belong to another one
        }
        at = to;
        try {
            while (!segments.isEmpty() && segments.firstKey() < at.segment()) {
                free();
            }
            if (isEmpty() && (tail == null || end.offset() >= WORTH_FREEING)) {
                freeAll();
            }
        } finally {
            checkpoint(false).write(folder, sync == Sync.ALWAYS);
        }
    }

    /** Frees what has been read to its end, the segment that is written to included. */
    private void freeAll() throws IOException {
        FileChannel open = tail;
        tail = null;
        if (open != null) {
            open.close();
        }
        while (!segments.isEmpty()) {
            free();
        }
    }

    private void free() throws IOException {
        long number = segments.firstKey();
        reader.forget();
        Files.deleteIfExists(Segment.file(folder, number));
        long size = sizeOf(number);
        segments.remove(number);
        bytes = segments.isEmpty() ? 0 : bytes - size;
    }

    /** Those records may have arrived: marks them, so that also the next process knows. */
    synchronized void doubt(Batch batch) throws IOException {
        Position to = batch.to();
        if (to != null) {
            doubt(to);
        }
    }

    /** All that is there may have arrived. */
    synchronized void doubtAll() throws IOException {
        doubt(end);
    }

    private void doubt(Position to) throws IOException {
        if (closed) {
            return;
        }
        if (!at.before(doubtTo)) {
            doubtPlace = place; // an older doubt stands: it names the older index
        }
        doubtTo = later(doubtTo, to);
        checkpoint(false).write(folder, sync == Sync.ALWAYS);
    }

    private Checkpoint checkpoint(boolean closed) {
        return new Checkpoint(at, place, doubtTo, doubtPlace, closed);
    }

    /** The index that was written to last; null where that is not known. */
    synchronized @Nullable String place() {
        return place;
    }

    /** Whether all has arrived. */
    synchronized boolean isEmpty() {
        return !at.before(end);
    }

    /** Bytes of its files. */
    synchronized long bytes() {
        return bytes;
    }

    /** Bytes that could not be read, and so were passed over. */
    long damagedBytes() {
        return reader.damagedBytes();
    }

    /** How often something was lost to damage since this was asked last; how many records each time, nobody knows. */
    synchronized long newDamages() {
        long all = damages + reader.damages();
        long more = all - damagesTold;
        damagesTold = all;
        return more;
    }

    /** Synchronises and closes; whoever uses it afterwards changes nothing. What has not arrived waits for the next one to open the folder. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        reader.forget();
        FileChannel open = tail;
        tail = null;
        if (open != null) {
            try (open) {
                open.truncate(end.offset());
                open.force(false);
            }
        }
        if (isEmpty()) {
            freeAll();
        }
        checkpoint(true).write(folder, true);
    }
}
