package dev.sallyport.plugins.console;

import dev.sallyport.plugins.console.Key.By;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The figures of the last weeks, of the things in which most happens: as many of each kind as {@link By} says. The rest is in
 * the sums. Thread-safe.
 */
final class History {

    private static final int VERSION = 1;
    private static final int MOST_POINTS = 2000;
    private static final int MOST_SHOWN = 20;
    private static final int LONGEST_NAME = 1000;

    /** How many of a kind take the place of others in one second: of very many that come and go, all would else. */
    private static final int MOST_REPLACED = 5;

    private final Map<Key, Series> all = new LinkedHashMap<>();

    /** What is asked of it. Times in epoch seconds. */
    record Question(By by, String name, long from, long to, int points) {}

    /** Takes what has happened in one second. */
    synchronized void add(long second, Map<Key, Count> counts) {
        Map<By, List<Key>> newcomers = new EnumMap<>(By.class);
        counts.forEach((key, count) -> {
            Series series = all.get(key);
            if (series != null) {
                series.add(second, count);
            } else if (key.by().kept > 0) {
                newcomers.computeIfAbsent(key.by(), first -> new ArrayList<>()).add(key);
            }
        });
        newcomers.forEach((by, keys) -> {
            keys.sort(
                    Comparator.comparingInt((Key key) -> requests(counts, key)).reversed());
            int room = by.kept
                    - (int) all.keySet().stream().filter(key -> key.by() == by).count();
            int left = room + MOST_REPLACED;
            for (Key key : keys) {
                if (left-- <= 0 || (room-- <= 0 && !makeRoom(by, second, requests(counts, key)))) {
                    break; // those that follow happen less
                }
                Series series = new Series(second);
                series.add(second, Objects.requireNonNull(counts.get(key)));
                all.put(key, series);
            }
        });
    }

    private static int requests(Map<Key, Count> counts, Key key) {
        return Objects.requireNonNull(counts.get(key)).requests();
    }

    /** Lets go of the one of its kind that happens least, where that is less than so many requests. */
    private boolean makeRoom(By by, long second, int requests) {
        Map.Entry<Key, Series> least = all.entrySet().stream()
                .filter(each -> each.getKey().by() == by)
                .min(Comparator.comparingDouble(each -> each.getValue().weight(second)))
                .orElse(null);
        if (least == null || least.getValue().weight(second) >= requests) {
            return false;
        }
        all.remove(least.getKey());
        return true;
    }

    /** The answer, as JSON shapes. */
    synchronized Map<String, Object> answer(Question asked, long nowSecond) {
        int most = Math.clamp(asked.points(), 10, MOST_POINTS);
        long to = Math.min(asked.to(), nowSecond);
        long from = Math.max(asked.from(), nowSecond - (long) Level.HOURS.points * Level.HOURS.step);
        Level level = Level.of(from, nowSecond, (long) most * 2);
        long first = level.slot(from);
        long last = Math.max(first, level.slot(to));
        int merged = (int) Math.max(1, Math.ceilDiv(last - first + 1, (long) most));
        first = Math.floorDiv(first, (long) merged)
                * merged; // so that the same points are merged when it is asked again
        List<Map<String, Object>> series = new ArrayList<>();
        for (Map.Entry<Key, Series> each : wanted(asked, nowSecond)) {
            series.add(line(each.getKey().name(), each.getValue(), level, first, last, merged));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("step", level.step * merged);
        json.put("series", series);
        return json;
    }

    private List<Map.Entry<Key, Series>> wanted(Question asked, long nowSecond) {
        return all.entrySet().stream()
                .filter(each -> each.getKey().by() == asked.by()
                        && (asked.name().isEmpty() || each.getKey().name().equals(asked.name())))
                .sorted(Comparator.comparingDouble(
                                (Map.Entry<Key, Series> each) -> each.getValue().weight(nowSecond))
                        .reversed())
                .limit(MOST_SHOWN)
                .toList();
    }

    private static Map<String, Object> line(
            String name, Series series, Level level, long first, long last, int merged) {
        List<Long> at = new ArrayList<>();
        List<Integer> requests = new ArrayList<>();
        List<Integer> errors = new ArrayList<>();
        List<Float> p50 = new ArrayList<>();
        List<Float> p95 = new ArrayList<>();
        List<Float> p99 = new ArrayList<>();
        for (long slot = first; slot <= last; slot += merged) {
            Point point = Point.NONE;
            for (int i = 0; i < merged; i++) {
                point = point.and(series.at(level, slot + i));
            }
            at.add(slot * level.step * 1000);
            requests.add(point.requests());
            errors.add(point.errors());
            p50.add(point.p50());
            p95.add(point.p95());
            p99.add(point.p99());
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("at", at);
        json.put("requests", requests);
        json.put("errors", errors);
        json.put("p50", p50);
        json.put("p95", p95);
        json.put("p99", p99);
        return json;
    }

    /** How many series there are of each kind. */
    synchronized Map<By, Integer> sizes() {
        Map<By, Integer> sizes = new TreeMap<>();
        all.keySet().forEach(key -> sizes.merge(key.by(), 1, Integer::sum));
        return sizes;
    }

    synchronized void write(DataOutput out, long nowSecond) throws IOException {
        out.writeInt(VERSION);
        out.writeInt(all.size());
        for (Map.Entry<Key, Series> each : all.entrySet()) {
            out.writeUTF(each.getKey().by().name());
            out.writeUTF(RecentRequest.brief(each.getKey().name(), LONGEST_NAME));
            each.getValue().write(out, nowSecond);
        }
    }

    /** Takes what was written earlier, into an empty one. */
    synchronized void read(DataInput in, long nowSecond) throws IOException {
        int version = in.readInt();
        if (version != VERSION) {
            throw new IOException("version " + version + " (expected: " + VERSION + ")");
        }
        int size = in.readInt();
        Map<Key, Series> read = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            By by;
            try {
                by = By.valueOf(in.readUTF());
            } catch (IllegalArgumentException unknown) {
                throw new IOException(unknown.getMessage());
            }
            Key key = new Key(by, in.readUTF());
            Series series = Series.read(in, nowSecond);
            if (read.keySet().stream().filter(each -> each.by() == by).count() < by.kept) {
                read.put(key, series);
            }
        }
        all.putAll(read);
    }
}
