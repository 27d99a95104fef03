package dev.sallyport.plugins.analytics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the largest groups, in little memory: without steps of time, and without latencies where they do not matter. */
final class Ranking implements Reading {

    /** So many groups are told apart; what comes beyond is one group. */
    static final int MOST_GROUPS = 10_000;

    /** The same where each needs its latencies. */
    static final int MOST_WITH_LATENCIES = 2_000;

    private final Filtered filtered;
    private final Usage.Order order;
    private final Map<List<String>, Totals> groups = new HashMap<>();

    Ranking(Filtered filtered, Usage.Order order) {
        this.filtered = filtered;
        this.order = order;
    }

    @Override
    public boolean add(long first, long end, Slice slice) {
        slice.series().forEach((key, totals) -> {
            if (filtered.has(key)) {
                groups.computeIfAbsent(
                                within(filtered.group(key)),
                                values -> order == Usage.Order.P99 ? Totals.ofSums() : Totals.ofCounts())
                        .add(totals);
            }
        });
        return true;
    }

    /** What the group of these values is counted as. */
    List<String> within(List<String> values) {
        int most = order == Usage.Order.P99 ? MOST_WITH_LATENCIES : MOST_GROUPS;
        return groups.size() < most || groups.containsKey(values)
                ? values
                : new ArrayList<>(Collections.nCopies(values.size(), Key.REST));
    }

    int size() {
        return groups.size();
    }

    /** The largest ones. */
    Set<List<String>> largest(int limit) {
        return groups.entrySet().stream()
                .sorted(Comparator.comparingDouble(
                                (Map.Entry<List<String>, Totals> group) -> order.size(group.getValue()))
                        .reversed()
                        .thenComparing(group -> group.getKey().toString()))
                .limit(limit)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
