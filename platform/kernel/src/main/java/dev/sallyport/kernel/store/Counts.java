package dev.sallyport.kernel.store;

import dev.sallyport.api.Limit;
import dev.sallyport.api.Store.Take;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What has been taken from the limits of one key.
 *
 * @param counts one for each limit
 * @param at when it was so, in nanoseconds
 * @param forgettableAt when nothing of it counts any more, in nanoseconds
 * @param weight how much memory it takes, in parts of a usual key's
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; there are a million of them
record Counts(Count[] counts, long at, long forgettableAt, int weight) {

    /** One call: takes from all limits or from none, inside of the map, so that no other call of the key is under way. */
    static final class Taking implements BiFunction<String, @Nullable Counts, Counts> {

        private final LongSupplier nanoTime;
        private final List<Limit> limits;
        private final long tokens;
        private final boolean whatever;
        private List<Take> takes = List.of();

        /** @param whatever whether to take also what is not there */
        Taking(LongSupplier nanoTime, List<Limit> limits, long tokens, boolean whatever) {
            this.nanoTime = nanoTime;
            this.limits = limits;
            this.tokens = tokens;
            this.whatever = whatever;
        }

        /** What came of it. */
        List<Take> takes() {
            return takes;
        }

        @Override
        public Counts apply(String key, @Nullable Counts before) {
            // Read in here, where no other taker of this key is; and the times of one key never go back.
            long time = nanoTime.getAsLong();
            long now = before == null ? time : Math.max(time, before.at);
            int size = limits.size();
            Count[] counts = new Count[size];
            boolean all = true;
            for (int i = 0; i < size; i++) {
                Limit limit = limits.get(i);
                counts[i] = before != null && i < before.counts.length
                        ? Count.at(before.counts[i], limit, now)
                        : Count.fresh(limit, now);
                all &= tokens <= counts[i].there(limit);
            }
            boolean take = all || whatever;
            long forgettable = 0;
            int weight = 1;
            Take only = null;
            List<Take> told = size == 1 ? List.of() : new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                Limit limit = limits.get(i);
                long there = counts[i].there(limit);
                boolean enough = tokens <= there;
                long retryAfter = enough ? 0 : counts[i].retryAfter(limit, tokens);
                if (take) {
                    counts[i] = counts[i].minus(limit, tokens);
                    there = counts[i].there(limit);
                }
                Take one = new Take(enough, Math.max(0, there), retryAfter, counts[i].fullAfter(limit));
                if (size == 1) {
                    only = one;
                } else {
                    told.add(one);
                }
                forgettable = Math.max(forgettable, counts[i].forgettableAfter(limit));
                weight += counts[i].weight();
            }
            takes = only == null ? told : List.of(only);
            long end = now + forgettable;
            return new Counts(counts, now, end < now ? Long.MAX_VALUE : end, weight);
        }
    }
}
