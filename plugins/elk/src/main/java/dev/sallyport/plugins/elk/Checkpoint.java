package dev.sallyport.plugins.elk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How far a spool has been sent, as a small file beside its segments. It is text, for people who look into a folder that a dead
 * gateway has left; its last line is a checksum, and a file that does not have the right one is as none.
 *
 * @param at what is before it has arrived
 * @param place the index that was written to last; null where none was, or the output has none
 * @param doubtTo what is between {@code at} and this may have arrived
 * @param doubtPlace the index that was written to when the doubt began; null where that is not known
 * @param closed whether the spool was closed in good order: then nothing else is in doubt
 */
record Checkpoint(
        Position at,
        @Nullable String place,
        Position doubtTo,
        @Nullable String doubtPlace,
        boolean closed) {

    private static final String FILE = "checkpoint";
    private static final String FORM = "sallyport-spool 1";

    /** Reads a folder's; null where there is none, or what is there is not whole. */
    static @Nullable Checkpoint read(Path folder) throws IOException {
        String text;
        try {
            text = Files.readString(folder.resolve(FILE), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException none) {
            return null;
        }
        List<String> lines = text.lines().toList();
        if (lines.size() != 7 || !lines.getFirst().equals(FORM)) {
            return null;
        }
        int end = text.lastIndexOf("sum ");
        if (end < 0 || !lines.get(6).equals("sum " + sum(text.substring(0, end)))) {
            return null;
        }
        return new Checkpoint(
                Position.parse(value(lines.get(1))),
                orNull(value(lines.get(2))),
                Position.parse(value(lines.get(3))),
                orNull(value(lines.get(4))),
                Boolean.parseBoolean(value(lines.get(5))));
    }

    /**
     * Puts it into a folder in one step: whoever reads sees the old one or this one.
     *
     * @param sync whether to wait until the disk has it
     */
    void write(Path folder, boolean sync) throws IOException {
        String text = FORM + "\nat " + at + "\nplace " + orNone(place) + "\ndoubt " + doubtTo + "\ndoubt-place "
                + orNone(doubtPlace) + "\nclosed " + closed + "\n";
        byte[] bytes = (text + "sum " + sum(text) + "\n").getBytes(StandardCharsets.ISO_8859_1);
        Path part = folder.resolve(FILE + ".part");
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            if (sync) {
                channel.force(false);
            }
        }
        Files.move(part, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (sync) {
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true); // the move itself
            }
        }
    }

    /** Takes a folder's away. */
    static void delete(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(FILE));
    }

    private static String sum(String text) {
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return Long.toHexString(sum.getValue());
    }

    private static String value(String line) {
        return line.substring(line.indexOf(' ') + 1);
    }

    /** Names of indices have no spaces and do not begin with a hyphen. */
    private static String orNone(@Nullable String text) {
        return text == null ? "-" : text;
    }

    private static @Nullable String orNull(String text) {
        return text.equals("-") ? null : text;
    }
}
