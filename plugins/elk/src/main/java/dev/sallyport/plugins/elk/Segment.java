package dev.sallyport.plugins.elk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The form of a spool's segments: a header of eight bytes, then records. A record is the length of what follows its checksum
 * (four bytes), the CRC32C of that length and of what follows (four bytes), the length of its id (one byte), the id, the document.
 */
final class Segment {

    /** Where the first record begins. */
    static final int HEADER = 8;

    /** A record beyond this is none: what stands there is no length. */
    static final int MOST = 16 << 20;

    private static final byte[] MAGIC = {'S', 'P', 'S', 'P', 'O', 'O', 'L', '1'};
    private static final String SUFFIX = ".segment";

    private Segment() {}

    /** The file of that number. */
    static Path file(Path folder, long number) {
        return folder.resolve("%016d".formatted(number) + SUFFIX);
    }

    /** The numbers of those in a folder, ascending. */
    static List<Long> numbers(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9]{16}\\.segment"))
                    .map(name -> Long.valueOf(name.substring(0, 16)))
                    .sorted()
                    .toList();
        }
    }

    static ByteBuffer header() {
        return ByteBuffer.wrap(MAGIC.clone());
    }

    /** Appends a record to a buffer that has room for it. */
    static void put(ByteBuffer buffer, Entry entry) {
        byte[] id = entry.idBytes();
        int start = buffer.position();
        buffer.putInt(1 + id.length + entry.json().length);
        buffer.putInt(0);
        buffer.put((byte) id.length).put(id).put(entry.json());
        buffer.putInt(start + 4, sum(buffer, start, buffer.position()));
    }

    /** The next record of a buffer; null, with the buffer where it was, where there is no whole one. */
    static @Nullable Entry get(ByteBuffer buffer) {
        int start = buffer.position();
        int length = length(buffer);
        if (length < 0 || buffer.remaining() < 8 + length) {
            return null;
        }
        int end = start + 8 + length;
        int idLength = buffer.get(start + 8) & 0xff;
        if (idLength == 0 || 1 + idLength > length || buffer.getInt(start + 4) != sum(buffer, start, end)) {
            return null;
        }
        byte[] id = new byte[idLength];
        byte[] json = new byte[length - 1 - idLength];
        buffer.get(start + 9, id).get(start + 9 + idLength, json);
        buffer.position(end);
        return new Entry(id, json);
    }

    /** How many bytes follow the head of the next record; -1 where what stands there is no record. */
    static int length(ByteBuffer buffer) {
        if (buffer.remaining() < 8) {
            return -1;
        }
        int length = buffer.getInt(buffer.position());
        return length < 2 || length > MOST ? -1 : length;
    }

    /** Up to where a file has whole records; 0 where not even its header is whole. */
    static long wholeTo(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer head = ByteBuffer.allocate(HEADER);
            read(channel, head, 0);
            if (!head.flip().equals(header())) {
                return 0;
            }
            long at = HEADER;
            ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
            while (true) {
                buffer.clear();
                read(channel, buffer, at);
                buffer.flip();
                int before = buffer.position();
                while (get(buffer) != null) {
                    before = buffer.position();
                }
                at += before;
                if (before == 0) {
                    int needed = 8 + length(buffer);
                    if (needed <= buffer.capacity()) {
                        return at;
                    }
                    buffer = ByteBuffer.allocate(needed);
                }
            }
        }
    }

    /** Fills a buffer from a place in a file, as far as the file goes. */
    static void read(FileChannel channel, ByteBuffer buffer, long from) throws IOException {
        long at = from;
        while (buffer.hasRemaining()) {
            int count = channel.read(buffer, at);
            if (count < 0) {
                return;
            }
            at += count;
        }
    }

    private static int sum(ByteBuffer buffer, int start, int end) {
        CRC32C sum = new CRC32C();
        sum.update(buffer.slice(start, 4));
        sum.update(buffer.slice(start + 8, end - start - 8));
        return (int) sum.getValue();
    }
}
