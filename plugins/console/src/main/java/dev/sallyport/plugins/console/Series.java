package dev.sallyport.plugins.console;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The figures of one thing at all levels. Not thread-safe: {@link History} guards it. */
final class Series {

    /** A level: what has passed, and what the present point is made of. */
    private static final class Line {
        private final Level level;
        private final @Nullable Point[] points;
        private final long[] slots;
        private Count open = new Count();
        private long openSlot = Long.MIN_VALUE;

        Line(Level level) {
            this.level = level;
            points = new Point[level.points];
            slots = new long[level.points];
        }

        void add(long second, Count count) {
            long slot = level.slot(second);
            if (slot != openSlot) {
                put(openSlot, open);
                open = new Count();
                openSlot = slot;
            }
            open.add(count);
        }

        private void put(long slot, Count count) {
            if (count.requests() > 0) {
                put(slot, count.point());
            }
        }

        void put(long slot, Point point) {
            int at = (int) Math.floorMod(slot, (long) points.length);
            Point there = points[at];
            // What was read from the disk, and has gone on since.
            points[at] = there != null && slots[at] == slot ? there.and(point) : point;
            slots[at] = slot;
        }

        Point at(long slot) {
            int at = (int) Math.floorMod(slot, (long) points.length);
            Point there = points[at];
            Point kept = there != null && slots[at] == slot ? there : Point.NONE;
            return slot == openSlot && open.requests() > 0 ? kept.and(open.point()) : kept;
        }
    }

    private final Map<Level, Line> lines = new EnumMap<>(Level.class);

    /** How much happens, halved each hour: who has least makes room. */
    private double weight;

    private long lastSecond;

    Series(long second) {
        for (Level level : Level.values()) {
            lines.put(level, new Line(level));
        }
        lastSecond = second;
    }

    void add(long second, Count count) {
        for (Line line : lines.values()) {
            line.add(second, count);
        }
        weight = weight(second) + count.requests();
        lastSecond = second;
    }

    /** How much has happened lately. */
    double weight(long second) {
        return weight * Math.pow(0.5, Math.max(0, second - lastSecond) / 3600.0);
    }

    Point at(Level level, long slot) {
        return Objects.requireNonNull(lines.get(level)).at(slot);
    }

    /** Writes what is known, without the seconds, which nobody misses after a restart. */
    void write(DataOutput out, long nowSecond) throws IOException {
        out.writeDouble(weight(nowSecond));
        for (Line line : lines.values()) {
            if (line.level == Level.SECONDS) {
                continue;
            }
            long last = line.level.slot(nowSecond);
            long first = last - line.level.points + 1;
            int filled = 0;
            for (long slot = first; slot <= last; slot++) {
                filled += line.at(slot).requests() > 0 ? 1 : 0;
            }
            out.writeInt(filled);
            for (long slot = first; slot <= last; slot++) {
                Point point = line.at(slot);
                if (point.requests() > 0) {
                    out.writeLong(slot);
                    out.writeInt(point.requests());
                    out.writeInt(point.errors());
                    out.writeFloat(point.p50());
                    out.writeFloat(point.p95());
                    out.writeFloat(point.p99());
                }
            }
        }
    }

    /** Reads what {@link #write} has written. */
    static Series read(DataInput in, long nowSecond) throws IOException {
        Series series = new Series(nowSecond);
        series.weight = in.readDouble();
        for (Line line : series.lines.values()) {
            if (line.level == Level.SECONDS) {
                continue;
            }
            int filled = in.readInt();
            if (filled < 0 || filled > line.level.points) {
                throw new IOException(filled + " points (expected: at most " + line.level.points + ")");
            }
            for (int i = 0; i < filled; i++) {
                long slot = in.readLong();
                Point point = new Point(in.readInt(), in.readInt(), in.readFloat(), in.readFloat(), in.readFloat());
                if (slot <= line.level.slot(nowSecond)) {
                    line.put(slot, point);
                }
            }
        }
        return series;
    }
}
