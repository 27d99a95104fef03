package dev.sallyport.plugins.analytics;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Finds the newest samples, so many at most. */
final class Newest implements Reading {

    private static final long MINUTE = 60_000;

    private final Given.Span span;
    private final @Nullable String route;
    private final @Nullable String status;
    private final int limit;
    /** The oldest first. */
    private final PriorityQueue<Sample> found = new PriorityQueue<>(Comparator.comparingLong(Sample::at));

    /** @param route null for any, as is {@code status} */
    Newest(Given.Span span, @Nullable String route, @Nullable String status, int limit) {
        this.span = span;
        this.route = route;
        this.status = status;
        this.limit = limit;
    }

    @Override
    public boolean add(long first, long end, Slice slice) {
        for (Sample sample : slice.samples()) {
            long minute = Math.floorDiv(sample.at(), MINUTE);
            if (minute >= span.from()
                    && minute < span.to()
                    && (route == null || route.equals(sample.route()))
                    && (status == null || status.equals(Integer.toString(sample.status())))) {
                found.add(sample);
                if (found.size() > limit) {
                    found.remove();
                }
            }
        }
        return true;
    }

    /** The newest first. */
    List<Sample> samples() {
        return found.stream()
                .sorted(Comparator.comparingLong(Sample::at).reversed())
                .toList();
    }
}
