package dev.sallyport.plugins.analytics;

import dev.sallyport.api.config.ConfigException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Answers how much of what there was, over a time: groups, the largest first, whole or in steps of time. */
final class Usage {

    /** No answer has more of them. */
    static final int MOST_POINTS = 50_000;

    private static final int MOST_GROUPS = 1_000;
    private static final double SECONDS = 60;

    /** What the largest is the largest by. */
    enum Order {
        COUNT("count"),
        ERRORS("errors"),
        BYTES("bytes"),
        P99("p99");

        private final String word;

        Order(String word) {
            this.word = word;
        }

        private double size(Totals totals) {
            return switch (this) {
                case COUNT -> totals.count;
                case ERRORS -> totals.errors;
                case BYTES -> (double) totals.requestBytes + totals.responseBytes;
                case P99 -> totals.percentile(99);
            };
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** One group: all of it, and its steps of time by their first minutes. */
    private static final class Group {
        private final List<String> values;
        private final Totals all = Totals.ofSums();
        private final TreeMap<Long, Totals> points = new TreeMap<>();

        private Group(List<String> values) {
            this.values = values;
        }

        private void add(Totals totals, long point, boolean hasPoints) {
            all.add(totals);
            if (hasPoints) {
                points.computeIfAbsent(point, each -> Totals.ofSums()).add(totals);
            }
        }
    }

    private final Given given;
    private final Given.Span span;
    private final long every;
    private final Set<Dimension> by;
    private final Map<Dimension, String> only = new EnumMap<>(Dimension.class);
    private final Map<List<String>, Group> groups = new HashMap<>();
    private final int limit;

    Usage(Given given) {
        this.given = given;
        span = given.span();
        every = given.every();
        by = given.words("groupBy", Dimension.class);
        limit = given.number("limit", 20, MOST_GROUPS);
        for (Dimension each : Dimension.values()) {
            String value = given.text(each.toString());
            if (value != null) {
                only.put(each, value);
            }
        }
        long points = every == 0 ? 1 : Math.ceilDiv(span.to() - span.from(), every) + 1;
        if (points * (by.isEmpty() ? 1 : limit) > MOST_POINTS) {
            throw new ConfigException(
                    "every",
                    given.text("every") + ", " + points + " steps of time of " + limit + " groups (expected: at most "
                            + MOST_POINTS + " together); take longer steps, or a smaller limit");
        }
    }

    Map<String, Object> answer(Recorder recorder) throws IOException {
        Order order = given.word("orderBy", Order.class, Order.COUNT);
        recorder.read(span.from(), span.to(), false, this::add);
        List<Group> largest = groups.values().stream()
                .sorted(Comparator.comparingDouble((Group group) -> order.size(group.all))
                        .reversed()
                        .thenComparing(group -> group.values.toString()))
                .toList();
        Totals total = Totals.ofSums();
        largest.forEach(group -> total.add(group.all));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("from", span.start().toString());
        answer.put("to", span.end().toString());
        answer.put("everySeconds", every == 0 ? null : every * (long) SECONDS);
        answer.put("groups", largest.stream().limit(limit).map(this::json).toList());
        answer.put("groupsLeftOut", Math.max(0, largest.size() - limit));
        answer.put("total", numbers(total, span.to() - span.from()));
        return answer;
    }

    private void add(long minute, Slice slice) {
        long point = every == 0 ? 0 : Math.max(span.from(), Math.floorDiv(minute, every) * every);
        slice.series().forEach((key, totals) -> {
            for (Map.Entry<Dimension, String> each : only.entrySet()) {
                if (!each.getKey().of(key).equals(each.getValue())) {
                    return;
                }
            }
            group(key).add(totals, point, every != 0);
        });
    }

    private Group group(Key key) {
        List<String> values = new ArrayList<>(by.size());
        by.forEach(dimension -> values.add(dimension.of(key)));
        if (groups.size() >= MOST_GROUPS * 10 && !groups.containsKey(values)) {
            values.replaceAll(value -> Key.REST);
        }
        return groups.computeIfAbsent(values, Group::new);
    }

    private Map<String, Object> json(Group group) {
        Map<String, Object> json = new LinkedHashMap<>();
        int next = 0;
        for (Dimension dimension : by) {
            String value = group.values.get(next++);
            json.put(dimension.toString(), value.isEmpty() ? null : value);
        }
        json.putAll(numbers(group.all, span.to() - span.from()));
        if (every != 0) {
            List<Map<String, Object>> points = new ArrayList<>();
            group.points.forEach((minute, totals) -> {
                Map<String, Object> point = new LinkedHashMap<>();
                point.put("at", new Given.Span(minute, minute).start().toString());
                point.putAll(numbers(totals, every));
                points.add(point);
            });
            json.put("points", points);
        }
        return json;
    }

    private static Map<String, Object> numbers(Totals totals, long minutes) {
        Map<String, Object> numbers = new LinkedHashMap<>();
        numbers.put("count", totals.count);
        numbers.put("rate", rounded(totals.count / (minutes * SECONDS)));
        numbers.put("errors", totals.errors);
        numbers.put("errorRate", totals.count == 0 ? 0.0 : rounded((double) totals.errors / totals.count));
        numbers.put("requestBytes", totals.requestBytes);
        numbers.put("responseBytes", totals.responseBytes);
        if (totals.count > 0) {
            numbers.put("meanMillis", (double) totals.micros / totals.count / 1000.0);
            numbers.put("p50Millis", millis(totals, 50));
            numbers.put("p90Millis", millis(totals, 90));
            numbers.put("p99Millis", millis(totals, 99));
            numbers.put("p999Millis", millis(totals, 99.9));
            numbers.put("maxMillis", totals.longest() / 1000.0);
        }
        return numbers;
    }

    private static double millis(Totals totals, double percentile) {
        return totals.percentile(percentile) / 1000.0;
    }

    private static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}
