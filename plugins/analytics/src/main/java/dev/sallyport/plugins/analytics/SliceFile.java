package dev.sallyport.plugins.analytics;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A slice as a file: what it was made of, series, paths, samples; as gzip, whose check sum tells a torn or spoilt file. It is
 * there whole or not at all: written beside, synchronised, renamed.
 */
final class SliceFile {

    private static final int MAGIC = 0x53504131;
    /** What is longer, unpacked, is spoilt. */
    private static final int LONGEST = 256 << 20;

    private static final int BUFFER = 1 << 14;

    private SliceFile() {}

    /** It was read, and is not what was written: reading it again does not help. */
    static final class SpoiltException extends IOException {
        private static final long serialVersionUID = 1;

        private SpoiltException(String why, @Nullable Throwable cause) {
            super("spoilt: " + why, cause);
        }
    }

    /** It would be longer than what is read: nothing was written. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1;

        private TooLongException(long bytes) {
            super(bytes + " bytes (expected: at most " + LONGEST + ")");
        }
    }

    /**
     * What was read.
     *
     * @param sources the names of the files that it was made of; empty for one that was counted
     */
    record Content(List<String> sources, Slice slice) {}

    /** Writes one; where that fails, nothing is left of it. */
    static void write(Path file, List<String> sources, Slice slice) throws IOException {
        Path part = Path.of(file + Item.PART);
        try {
            writePart(part, sources, slice);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            try {
                Files.deleteIfExists(part);
            } catch (IOException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    private static void writePart(Path part, List<String> sources, Slice slice) throws IOException {
        try (FileOutputStream raw = new FileOutputStream(part.toFile())) {
            GZIPOutputStream gzip = new GZIPOutputStream(raw, BUFFER);
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(gzip, BUFFER));
            out.writeInt(MAGIC);
            out.writeInt(sources.size());
            for (String source : sources) {
                text(out, source);
            }
            series(out, slice.series());
            byte[] paths = paths(slice.paths());
            out.writeInt(paths.length);
            out.write(paths);
            out.writeInt(slice.samples().size());
            for (Sample sample : slice.samples()) {
                out.writeLong(sample.at());
                text(out, sample.route());
                out.writeInt(sample.status());
                text(out, sample.json());
            }
            out.writeInt(MAGIC);
            out.flush();
            checkLength(out);
            gzip.finish();
            raw.getFD().sync();
        }
    }

    private static void series(DataOutputStream out, Map<Key, Totals> series) throws IOException {
        out.writeInt(series.size());
        for (Map.Entry<Key, Totals> each : series.entrySet()) {
            Totals totals = each.getValue();
            checkLength(out);
            text(out, each.getKey().route());
            text(out, each.getKey().consumer());
            out.writeInt(each.getKey().status());
            text(out, each.getKey().client());
            out.writeLong(totals.count);
            out.writeLong(totals.errors);
            out.writeLong(totals.requestBytes);
            out.writeLong(totals.responseBytes);
            out.writeLong(totals.micros);
            long[] latencies = totals.valuesAndCounts();
            out.writeInt(latencies.length);
            for (long number : latencies) {
                out.writeLong(number);
            }
        }
    }

    private static void checkLength(DataOutputStream out) throws TooLongException {
        if (out.size() > LONGEST) {
            throw new TooLongException(out.size());
        }
    }

    private static byte[] paths(List<SpaceSaving.Entry> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(entries.size());
        for (SpaceSaving.Entry path : entries) {
            text(out, path.value());
            out.writeLong(path.count());
            out.writeLong(path.over());
        }
        return bytes.toByteArray();
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * Reads one.
     *
     * @param into empty; not to be used where this fails
     * @param withPaths whether its paths are wanted too
     * @throws SpoiltException where it is torn or spoilt
     * @throws IOException where it cannot be read now
     */
    static Content read(Path file, Slice into, boolean withPaths) throws IOException {
        check(Files.size(file) <= LONGEST, "more than " + LONGEST + " bytes");
        byte[] packed = Files.readAllBytes(file);
        ByteBuffer in;
        try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(packed), BUFFER)) {
            byte[] bytes = unpacked.readNBytes(LONGEST);
            check(unpacked.read() < 0, "more than " + LONGEST + " bytes");
            in = ByteBuffer.wrap(bytes);
        } catch (EOFException | ZipException e) {
            throw new SpoiltException(e.toString(), e);
        }
        try {
            check(in.getInt() == MAGIC, "no such file");
            List<String> sources = new ArrayList<>();
            for (int left = number(in); left > 0; left--) {
                sources.add(text(in));
            }
            for (int left = number(in); left > 0; left--) {
                Key key = new Key(text(in), text(in), in.getInt(), text(in));
                into.put(key, totals(in));
            }
            ByteBuffer paths = in.slice(in.position() + Integer.BYTES, number(in));
            in.position(in.position() + paths.limit());
            if (withPaths) {
                into.addPaths(paths(paths));
            }
            for (int left = number(in); left > 0; left--) {
                into.add(new Sample(in.getLong(), text(in), in.getInt(), text(in)));
            }
            check(in.getInt() == MAGIC && !in.hasRemaining(), "it does not end where it should");
            return new Content(sources, into);
        } catch (RuntimeException e) {
            throw new SpoiltException(e.toString(), e);
        }
    }

    private static List<SpaceSaving.Entry> paths(ByteBuffer in) throws IOException {
        List<SpaceSaving.Entry> paths = new ArrayList<>();
        for (int left = number(in); left > 0; left--) {
            paths.add(new SpaceSaving.Entry(text(in), in.getLong(), in.getLong()));
        }
        return paths;
    }

    private static Totals totals(ByteBuffer in) throws IOException {
        long count = in.getLong();
        long errors = in.getLong();
        long requestBytes = in.getLong();
        long responseBytes = in.getLong();
        long micros = in.getLong();
        long[] latencies = new long[number(in)];
        in.asLongBuffer().get(latencies);
        in.position(in.position() + latencies.length * Long.BYTES);
        Totals totals = Totals.ofRead(latencies);
        totals.count = count;
        totals.errors = errors;
        totals.requestBytes = requestBytes;
        totals.responseBytes = responseBytes;
        totals.micros = micros;
        return totals;
    }

    private static String text(ByteBuffer in) throws IOException {
        int length = number(in);
        String text = new String(in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.UTF_8);
        in.position(in.position() + length);
        return text;
    }

    /** Of bytes or of things, each of which has at least one byte. */
    private static int number(ByteBuffer in) throws IOException {
        int number = in.getInt();
        check(number >= 0 && number <= in.remaining(), "a number of " + number);
        return number;
    }

    private static void check(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new SpoiltException(otherwise, null);
        }
    }
}
