package dev.sallyport.plugins.analytics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds up some groups, and their steps of time: those of one step are held as histograms until it is over, and then as the
 * numbers that are told of them.
 */
final class Sums implements Reading {

    private static final double SECONDS = 60;

    private final Filtered filtered;
    private final Given.Span span;
    private final long every;
    private final int limit;
    private final @Nullable Ranking ranking;
    private final Set<List<String>> largest;

    private final Map<List<String>, Group> groups = new HashMap<>();
    private final Totals total = Totals.ofSums();
    private Given.Span covered;
    /** The step that is added up now; null before the first. */
    private Given.@Nullable Span step;

    private long stepNumber;
    private boolean tooMany;

    /** One group: all of it, what it has of the current step, and the steps before. */
    private static final class Group {
        private final List<String> values;
        private final Totals all = Totals.ofSums();
        private final List<Map<String, Object>> points = new ArrayList<>();
        private @Nullable Totals now;

        private Group(List<String> values) {
            this.values = values;
        }
    }

    /**
     * Of the groups that a ranking has found, or, where there is none, of all, if they are not more than so many.
     *
     * @param every the minutes of a step of time; 0 for none
     */
    Sums(Filtered filtered, Given.Span span, long every, int limit, @Nullable Ranking ranking) {
        this.filtered = filtered;
        this.span = span;
        this.every = every;
        this.limit = limit;
        this.ranking = ranking;
        largest = ranking == null ? Set.of() : ranking.largest(limit);
        covered = span;
    }

    /** Whether there are more groups than so many: then nothing else of it holds. */
    boolean tooMany() {
        return tooMany;
    }

    @Override
    public boolean add(long first, long end, Slice slice) {
        Given.Span of = new Given.Span(first, end);
        covered = covered.and(of);
        if (every != 0) {
            begin(of);
        }
        slice.series().forEach((key, totals) -> {
            if (filtered.has(key)) {
                add(filtered.group(key), totals);
            }
        });
        return !tooMany;
    }

    private void add(List<String> found, Totals totals) {
        total.add(totals);
        List<String> values = ranking == null ? found : ranking.within(found);
        if (ranking != null && !largest.contains(values)) {
            return;
        }
        Group group = groups.get(values);
        if (group == null) {
            if (groups.size() >= limit) {
                tooMany = true;
                return;
            }
            group = new Group(values);
            groups.put(values, group);
        }
        group.all.add(totals);
        if (every != 0) {
            Totals now = group.now;
            if (now == null) {
                now = Totals.ofSums();
                group.now = now;
            }
            now.add(totals);
        }
    }

    /** The step of that time: the one before is over, since what is read comes by its time. */
    private void begin(Given.Span of) {
        long number = Math.floorDiv(Math.max(of.from(), span.from()), every);
        Given.Span now = step;
        if (now == null || number != stepNumber) {
            endStep();
            stepNumber = number;
            long first = Math.max(number * every, span.from());
            now = new Given.Span(first, Math.max(first, Math.min((number + 1) * every, span.to())));
        }
        step = now.and(of);
    }

    private void endStep() {
        Given.Span now = step;
        if (now == null) {
            return;
        }
        for (Group group : groups.values()) {
            Totals totals = group.now;
            if (totals != null) {
                group.now = null;
                Map<String, Object> point = new LinkedHashMap<>();
                point.put("at", now.start().toString());
                point.put("seconds", now.minutes() * (long) SECONDS);
                point.putAll(numbers(totals, now));
                group.points.add(point);
            }
        }
    }

    /** Adds what is told to the answer; nothing may be added after that. */
    void tell(Map<String, Object> answer, Usage.Order order) {
        endStep();
        step = null;
        Map<String, Object> counted = new LinkedHashMap<>();
        counted.put("from", covered.start().toString());
        counted.put("to", covered.end().toString());
        answer.put("counted", counted);
        answer.put("everySeconds", every == 0 ? null : every * (long) SECONDS);
        answer.put(
                "groups",
                groups.values().stream()
                        .sorted(Comparator.comparingDouble((Group group) -> order.size(group.all))
                                .reversed()
                                .thenComparing(group -> group.values.toString()))
                        .map(this::json)
                        .toList());
        answer.put("groupsLeftOut", ranking == null ? 0 : Math.max(0, ranking.size() - limit));
        answer.put("total", numbers(total, covered));
    }

    private Map<String, Object> json(Group group) {
        Map<String, Object> json = new LinkedHashMap<>();
        int next = 0;
        for (Dimension dimension : filtered.by()) {
            String value = group.values.get(next++);
            json.put(dimension.toString(), value.isEmpty() ? null : value);
        }
        json.putAll(numbers(group.all, covered));
        if (every != 0) {
            json.put("points", group.points);
        }
        return json;
    }

    private static Map<String, Object> numbers(Totals totals, Given.Span in) {
        Map<String, Object> numbers = new LinkedHashMap<>();
        numbers.put("count", totals.count);
        numbers.put("rate", rounded(totals.count / (in.minutes() * SECONDS)));
        numbers.put("errors", totals.errors);
        numbers.put("errorRate", totals.count == 0 ? 0.0 : rounded((double) totals.errors / totals.count));
        numbers.put("requestBytes", totals.requestBytes);
        numbers.put("responseBytes", totals.responseBytes);
        if (totals.count > 0) {
            numbers.put("meanMillis", rounded((double) totals.micros / totals.count / 1000.0));
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
