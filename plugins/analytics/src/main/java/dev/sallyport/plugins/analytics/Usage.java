package dev.sallyport.plugins.analytics;

import dev.sallyport.api.config.ConfigException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Answers how much of what there was, over a time: groups, the largest first, whole or in steps of time. */
final class Usage {

    /** No answer has more of them: each is about 300 characters, and the admin API passes on 8 MiB. */
    static final int MOST_POINTS = 25_000;

    private static final int MOST_LISTED = 1_000;

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

        double size(Totals totals) {
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

    private final Given.Span span;
    private final long every;
    private final Filtered filtered;
    private final Order order;
    private final int limit;

    /** @throws ConfigException where a parameter is not what it should be */
    Usage(Given given) {
        span = given.span();
        every = given.every();
        filtered = Filtered.of(given);
        order = given.word("orderBy", Order.class, Order.COUNT);
        limit = given.number("limit", 20, MOST_LISTED);
        long points = every == 0 ? 1 : Math.ceilDiv(span.minutes(), every) + 1;
        if (points * (filtered.by().isEmpty() ? 1 : limit) > MOST_POINTS) {
            throw new ConfigException(
                    "every",
                    given.text("every") + ", " + points + " steps of time of " + limit + " groups (expected: at most "
                            + MOST_POINTS + " together); take longer steps, or a smaller limit");
        }
    }

    /** Reads once where the groups are few; otherwise once to find the largest, and once more for their numbers. */
    Map<String, Object> answer(Recorder recorder) throws IOException {
        Sums sums = recorder.read(span.from(), span.to(), false, () -> new Sums(filtered, span, every, limit, null));
        if (sums.tooMany()) {
            Ranking ranking = recorder.read(span.from(), span.to(), false, () -> new Ranking(filtered, order));
            sums = recorder.read(span.from(), span.to(), false, () -> new Sums(filtered, span, every, limit, ranking));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("from", span.start().toString());
        answer.put("to", span.end().toString());
        sums.tell(answer, order);
        return answer;
    }
}
