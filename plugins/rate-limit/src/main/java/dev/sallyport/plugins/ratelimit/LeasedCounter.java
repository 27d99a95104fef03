package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Limit;
import dev.sallyport.api.Store;
import dev.sallyport.api.Store.Take;
import dev.sallyport.api.config.Percent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Takes from the store a share of the limit at once and gives it out by itself, so that most requests ask nobody.
 *
 * <ol>
 *   <li>All gateways together never give out more than the limit has given them: what one gives out was taken before.
 *   <li>What one has taken and not yet given out, the others lack: so requests may be refused although up to one share a
 *       gateway is left, and what was taken before the end of a window may pass after it. A share not used within a second
 *       is given up.
 *   <li>Where the store has refused, it is not asked again before it can have more: it has said when.
 * </ol>
 */
final class LeasedCounter implements Counter {

    private static final long HOLD_NANOS = Duration.ofSeconds(1).toNanos();

    private final Store store;
    private final Percent share;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<String, Reserve> reserves = new ConcurrentHashMap<>();

    LeasedCounter(Store store, Percent share, LongSupplier nanoTime) {
        this.store = store;
        this.share = share;
        this.nanoTime = nanoTime;
    }

    /** What was taken and is not given out yet; its lock is held while the store is asked, so that one asks for all. */
    private static final class Reserve {
        private long tokens;
        private long until;
        private List<Take> told = List.of();
        private long refusedUntil;
        private long refusedCost;
        private List<Take> refusal = List.of();
        private boolean dropped;
    }

    @Override
    public List<Take> take(String key, List<Limit> limits, long smallest, long cost) {
        while (true) {
            Reserve reserve = reserves.computeIfAbsent(key, first -> new Reserve());
            synchronized (reserve) {
                if (!reserve.dropped) {
                    return take(reserve, key, limits, smallest, cost);
                }
            }
        }
    }

    private List<Take> take(Reserve reserve, String key, List<Limit> limits, long smallest, long cost) {
        long now = nanoTime.getAsLong();
        if (reserve.tokens > 0 && now - reserve.until >= 0) {
            reserve.tokens = 0;
        }
        if (reserve.tokens >= cost) {
            reserve.tokens -= cost;
            return passed(reserve);
        }
        if (!reserve.refusal.isEmpty() && now - reserve.refusedUntil < 0 && cost >= reserve.refusedCost) {
            return later(reserve.refusal, reserve.refusedUntil - now);
        }
        reserve.refusal = List.of();
        long lease = Math.max(1, (long) (smallest * share.value() / 100));
        List<Take> takes = List.of();
        for (long wanted = Math.max(cost, lease); wanted > 0; wanted = fewer(takes, wanted, cost)) {
            takes = store.take(key, limits, wanted);
            if (takes.stream().allMatch(Take::enough)) {
                reserve.tokens += wanted - cost;
                reserve.until = now + HOLD_NANOS;
                reserve.told = takes;
                return passed(reserve);
            }
        }
        long retry = takes.stream().mapToLong(Take::retryAfterNanos).max().orElse(0);
        reserve.refusal = takes;
        reserve.refusedCost = cost;
        reserve.refusedUntil = now + Math.min(retry, HOLD_NANOS);
        return takes;
    }

    /** As many as are left, where that is enough for the request; else what the request needs, to learn when; then none. */
    private static long fewer(List<Take> takes, long wanted, long cost) {
        if (wanted == cost) {
            return 0;
        }
        long left = takes.stream().mapToLong(Take::left).min().orElse(0);
        return left > cost && left < wanted ? left : cost;
    }

    private static List<Take> passed(Reserve reserve) {
        return reserve.told.stream()
                .map(take -> new Take(true, take.left() + reserve.tokens, 0, take.fullAfterNanos()))
                .toList();
    }

    /** A refusal again, with the time that is left of it. */
    private static List<Take> later(List<Take> refusal, long nanos) {
        return refusal.stream()
                .map(take -> take.enough()
                        ? take
                        : new Take(
                                false,
                                take.left(),
                                take.retryAfterNanos() == Long.MAX_VALUE
                                        ? Long.MAX_VALUE
                                        : Math.min(take.retryAfterNanos(), nanos),
                                take.fullAfterNanos()))
                .toList();
    }

    /** Forgets the callers of whom nothing is held any more. */
    void tidy() {
        long now = nanoTime.getAsLong();
        reserves.forEach((key, reserve) -> {
            synchronized (reserve) {
                if (now - reserve.until >= 0 && now - reserve.refusedUntil >= 0) {
                    reserve.dropped = true;
                    reserves.remove(key, reserve);
                }
            }
        });
    }

    /** How many callers something is held of. */
    int size() {
        return reserves.size();
    }
}
