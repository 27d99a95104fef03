package dev.sallyport.plugins.elk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the records of a spool's segments, and passes over what is damaged. Thread-safe. */
final class SpoolReader {

    private static final int CHUNK = 1 << 20;

    private final Path folder;

    // All guarded by this.
    private ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    private @Nullable FileChannel channel;
    private long opened;
    private long damagedBytes;
    private long damages;

    SpoolReader(Path folder) {
        this.folder = folder;
    }

    /**
     * What was read.
     *
     * @param entries the records; empty where there was nothing but damage
     * @param to where the next read begins
     */
    record Read(List<Entry> entries, Position to) {}

    /**
     * Reads on.
     *
     * @param from where, before {@code to}
     * @param to the end of what is there
     * @param segments the numbers of the segments, ascending
     * @param mostEntries the most records to give
     * @param mostBytes about how many bytes to give at most; one record is given in any case
     * @throws IOException where the first of them cannot be read
     */
    synchronized Read read(Position from, Position to, List<Long> segments, int mostEntries, long mostBytes)
            throws IOException {
        List<Entry> entries = new ArrayList<>();
        long taken = 0;
        Position at = from;
        while (entries.size() < mostEntries && taken < mostBytes && at.before(to)) {
            long limit;
            try {
                limit = at.segment() == to.segment()
                        ? to.offset()
                        : open(at.segment()).size();
                fill(at, limit, Segment.HEADER);
                if (buffer.remaining() >= Segment.HEADER && 8 + Segment.length(buffer) > buffer.remaining()) {
                    fill(at, limit, 8 + Segment.length(buffer));
                }
            } catch (IOException e) {
                forget();
                if (entries.isEmpty()) {
                    throw e;
                }
                break; // what was read is good
            }
            Entry entry = Segment.get(buffer);
            if (entry == null) {
                at = passOver(at, limit, segments, to);
                continue;
            }
            while (entry != null) {
                entries.add(entry);
                taken += entry.size();
                at = new Position(at.segment(), at.offset() + entry.size());
                boolean more = entries.size() < mostEntries && taken < mostBytes && at.offset() < limit;
                entry = more ? Segment.get(buffer) : null;
            }
            if (at.offset() >= limit && at.segment() != to.segment()) {
                at = after(at.segment(), segments, to);
            }
        }
        return new Read(entries, at);
    }

    /**
     * Gives up what is left of a segment.
     *
     * @param limit its end
     * @return where the next one begins
     */
    synchronized Position passOver(Position at, long limit, List<Long> segments, Position to) {
        damages++;
        damagedBytes += Math.max(0, limit - at.offset());
        return after(at.segment(), segments, to);
    }

    /** Puts what stands at a place into the buffer, one chunk of it or as much as is needed for one record. */
    private void fill(Position at, long limit, int needed) throws IOException {
        long there = limit - at.offset();
        int size = (int) Math.min(there, Math.max(CHUNK, needed));
        if (buffer.capacity() < size || (buffer.capacity() > CHUNK && size <= CHUNK)) {
            buffer = ByteBuffer.allocate(Math.max(CHUNK, size));
        }
        buffer.clear().limit(Math.max(0, size));
        Segment.read(open(at.segment()), buffer, at.offset());
        buffer.flip();
    }

    private FileChannel open(long number) throws IOException {
        FileChannel open = channel;
        if (open == null || opened != number) {
            forget();
            open = FileChannel.open(Segment.file(folder, number), StandardOpenOption.READ);
            channel = open;
            opened = number;
        }
        return open;
    }

    private static Position after(long segment, List<Long> segments, Position to) {
        for (long number : segments) {
            if (number > segment) {
                return new Position(number, Segment.HEADER);
            }
        }
        return to;
    }

    synchronized long damagedBytes() {
        return damagedBytes;
    }

    /** How often something was passed over. */
    synchronized long damages() {
        return damages;
    }

    /** Lets go of the file that it reads. */
    synchronized void forget() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
