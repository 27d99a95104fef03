package dev.sallyport.testkit;

import dev.sallyport.api.Limit;
import dev.sallyport.api.Store;
import dev.sallyport.api.config.Rate;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, by a clock that a test sets. It is written to be believed, not to be fast: it keeps every take that it
 * may still need, and works in exact fractions, so that other stores can be compared with it.
 */
final class MemoryStore implements Store {

    private static final BigInteger NEVER = BigInteger.valueOf(Long.MAX_VALUE);

    private final Clock clock;
    private final Map<String, List<Count>> counts = new HashMap<>();
    private final Map<String, Map<String, Instant>> rooms = new HashMap<>();
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Bytes> bytes = new HashMap<>();
    private Instant latest = Instant.MIN;

    private record Value(String text, Instant until) {}

    @SuppressWarnings("ArrayRecordComponent") // nobody compares two
    private record Bytes(byte[] kept, Instant until) {}

    MemoryStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized List<Take> take(String key, List<Limit> limits, long tokens) {
        return take(key, limits, tokens, false);
    }

    @Override
    public synchronized List<Take> charge(String key, List<Limit> limits, long tokens) {
        return take(key, limits, tokens, true);
    }

    private List<Take> take(String key, List<Limit> limits, long tokens, boolean whatever) {
        if (tokens < 0) {
            throw new IllegalArgumentException("tokens: " + tokens + " (expected: 0 or more)");
        }
        long now = Duration.between(ManualClock.START, now()).toNanos();
        List<Count> all = counts.computeIfAbsent(key, first -> new ArrayList<>());
        List<Boolean> enough = new ArrayList<>();
        for (int i = 0; i < limits.size(); i++) {
            if (i == all.size()) {
                all.add(fresh(limits.get(i), now));
            } else if (!all.get(i).is(limits.get(i))) {
                all.set(i, fresh(limits.get(i), now));
            }
            all.get(i).update(limits.get(i), now);
            enough.add(all.get(i).there() >= tokens);
        }
        List<Long> retry = new ArrayList<>();
        for (int i = 0; i < limits.size(); i++) {
            retry.add(enough.get(i) ? 0 : all.get(i).retryAfter(tokens));
        }
        if (whatever || !enough.contains(false)) {
            all.subList(0, limits.size()).forEach(count -> count.take(tokens));
        }
        List<Take> takes = new ArrayList<>();
        for (int i = 0; i < limits.size(); i++) {
            Count count = all.get(i);
            takes.add(new Take(enough.get(i), Math.max(0, count.there()), retry.get(i), count.fullAfter()));
        }
        return takes;
    }

    private Instant now() {
        latest = clock.instant().isAfter(latest) ? clock.instant() : latest;
        return latest;
    }

    private static Count fresh(Limit limit, long now) {
        return switch (limit) {
            case Limit.Bucket bucket -> new Bucket(bucket, now);
            case Limit.Window window -> new Window(window);
            case Limit.Sliding sliding -> new Sliding(sliding);
            case Limit.Log log -> new Log(log);
        };
    }

    private interface Count {
        boolean is(Limit limit);

        void update(Limit limit, long now);

        long there();

        void take(long tokens);

        long retryAfter(long tokens);

        long fullAfter();
    }

    /** A level in parts, of which a token has as many as its rate's time has nanoseconds. */
    private static final class Bucket implements Count {
        private Limit.Bucket limit;
        private BigInteger parts;
        private long at;

        Bucket(Limit.Bucket limit, long now) {
            this.limit = limit;
            parts = of(limit.burst());
            at = now;
        }

        @Override
        public boolean is(Limit other) {
            return other instanceof Limit.Bucket;
        }

        @Override
        public void update(Limit next, long now) {
            Rate rate = limit.rate();
            parts = parts.add(BigInteger.valueOf(rate.amount()).multiply(BigInteger.valueOf(Math.max(0, now - at))));
            at = Math.max(at, now);
            if (!((Limit.Bucket) next).rate().equals(rate)) {
                long whole = there();
                limit = (Limit.Bucket) next;
                parts = of(whole);
            }
            limit = (Limit.Bucket) next;
            parts = parts.min(of(limit.burst()));
        }

        private BigInteger of(long tokens) {
            return BigInteger.valueOf(limit.rate().per().toNanos()).multiply(BigInteger.valueOf(tokens));
        }

        @Override
        public long there() {
            BigInteger[] whole = parts.divideAndRemainder(
                    BigInteger.valueOf(limit.rate().per().toNanos()));
            return whole[0].longValueExact() - (whole[1].signum() < 0 ? 1 : 0);
        }

        @Override
        public void take(long tokens) {
            BigInteger part = parts.subtract(of(there()));
            parts = parts.subtract(of(tokens)).max(of(-limit.burst()).add(part));
        }

        @Override
        public long retryAfter(long tokens) {
            return tokens > limit.burst() ? Long.MAX_VALUE : until(tokens);
        }

        @Override
        public long fullAfter() {
            return until(limit.burst());
        }

        private long until(long tokens) {
            BigInteger perNano = BigInteger.valueOf(limit.rate().amount());
            BigInteger missing = of(tokens).subtract(parts).max(BigInteger.ZERO);
            return missing.add(perNano)
                    .subtract(BigInteger.ONE)
                    .divide(perNano)
                    .min(NEVER)
                    .longValueExact();
        }
    }

    private static final class Window implements Count {
        private Limit.Window limit;
        private long start;
        private long taken;

        Window(Limit.Window limit) {
            this.limit = limit;
            start = limit.start();
        }

        @Override
        public boolean is(Limit other) {
            return other instanceof Limit.Window;
        }

        @Override
        public void update(Limit next, long now) {
            limit = (Limit.Window) next;
            taken = limit.start() > start ? 0 : taken;
            start = Math.max(start, limit.start());
        }

        @Override
        public long there() {
            return limit.amount() - taken;
        }

        @Override
        public void take(long tokens) {
            taken += tokens;
        }

        @Override
        public long retryAfter(long tokens) {
            return tokens > limit.amount() ? Long.MAX_VALUE : limit.left().toNanos();
        }

        @Override
        public long fullAfter() {
            return taken == 0 ? 0 : limit.left().toNanos();
        }
    }

    /** Counts by fixed windows, all of them; that the one before leaves evenly is worked out when it is asked. */
    private static final class Sliding implements Count {
        private Limit.Sliding limit;
        private final Map<Long, Long> taken = new HashMap<>();
        private long now = Long.MIN_VALUE;

        Sliding(Limit.Sliding limit) {
            this.limit = limit;
        }

        @Override
        public boolean is(Limit other) {
            return other instanceof Limit.Sliding sliding && sliding.window().equals(limit.window());
        }

        @Override
        public void update(Limit next, long time) {
            limit = (Limit.Sliding) next;
            now = Math.max(now, time);
        }

        private long window() {
            return limit.window().toNanos();
        }

        private long in(long number) {
            return taken.getOrDefault(number, 0L);
        }

        private long thereAt(long time) {
            long number = Math.floorDiv(time, window());
            BigInteger covered = BigInteger.valueOf(in(number - 1))
                    .multiply(BigInteger.valueOf(window() - Math.floorMod(time, window())))
                    .add(BigInteger.valueOf(window() - 1))
                    .divide(BigInteger.valueOf(window()));
            return limit.amount() - in(number) - covered.longValueExact();
        }

        @Override
        public long there() {
            return thereAt(now);
        }

        @Override
        public void take(long tokens) {
            taken.merge(Math.floorDiv(now, window()), tokens, Long::sum);
        }

        /** There is ever more: halves the time in which it must be. */
        @Override
        public long retryAfter(long tokens) {
            if (tokens > limit.amount()) {
                return Long.MAX_VALUE;
            }
            long early = 0;
            long late = 2 * window();
            while (late - early > 1) {
                long middle = (early + late) / 2;
                if (thereAt(now + middle) >= tokens) {
                    late = middle;
                } else {
                    early = middle;
                }
            }
            return late;
        }

        @Override
        public long fullAfter() {
            long number = Math.floorDiv(now, window());
            long rest = window() - Math.floorMod(now, window());
            return in(number) > 0 ? rest + window() : in(number - 1) > 0 ? rest : 0;
        }
    }

    private static final class Log implements Count {
        private record One(long at, long tokens) {}

        private Limit.Log limit;
        private final List<One> taken = new ArrayList<>();
        private long now = Long.MIN_VALUE;

        Log(Limit.Log limit) {
            this.limit = limit;
        }

        @Override
        public boolean is(Limit other) {
            return other instanceof Limit.Log log && log.window().equals(limit.window());
        }

        @Override
        public void update(Limit next, long time) {
            limit = (Limit.Log) next;
            now = Math.max(now, time);
            taken.removeIf(one -> leaves(one) <= now);
        }

        private long leaves(One one) {
            return one.at() + limit.window().toNanos();
        }

        @Override
        public long there() {
            return limit.amount() - taken.stream().mapToLong(One::tokens).sum();
        }

        @Override
        public void take(long tokens) {
            if (tokens > 0) {
                taken.add(new One(now, tokens));
            }
        }

        @Override
        public long retryAfter(long tokens) {
            long there = there();
            for (One one : taken) {
                there += one.tokens();
                if (there >= tokens) {
                    return leaves(one) - now;
                }
            }
            return Long.MAX_VALUE;
        }

        @Override
        public long fullAfter() {
            return taken.isEmpty() ? 0 : leaves(taken.getLast()) - now;
        }
    }

    @Override
    public synchronized Entry enter(String key, String holder, long most, Duration expires) {
        if (most < 1) {
            throw new IllegalArgumentException("most: " + most + " (expected: 1 or more)");
        }
        Map<String, Instant> room = rooms.computeIfAbsent(key, first -> new HashMap<>());
        room.values().removeIf(until -> !until.isAfter(now()));
        boolean enters = room.containsKey(holder) || room.size() < most;
        if (enters) {
            room.put(holder, end(expires));
        }
        return new Entry(enters, room.size());
    }

    @Override
    public synchronized void leave(String key, String holder) {
        rooms.getOrDefault(key, new HashMap<>()).remove(holder);
    }

    @Override
    public synchronized @Nullable String get(String key) {
        return value(key).map(Value::text).orElse(null);
    }

    private Optional<Value> value(String key) {
        return Optional.ofNullable(values.get(key))
                .filter(value -> value.until().isAfter(now()));
    }

    @Override
    public synchronized void put(String key, String value, Duration expires) {
        values.put(key, new Value(value, end(expires)));
    }

    @Override
    public synchronized byte @Nullable [] getBytes(String key) {
        Bytes kept = bytes.get(key);
        return kept == null || !kept.until().isAfter(now()) ? null : kept.kept();
    }

    @Override
    public synchronized void putBytes(String key, byte[] kept, Duration expires) {
        bytes.put(key, new Bytes(kept, end(expires)));
    }

    private Instant end(Duration expires) {
        if (expires.isNegative() || expires.isZero()) {
            throw new IllegalArgumentException("expires: " + expires + " (expected: above zero)");
        }
        return now().plus(expires);
    }

    @Override
    public synchronized boolean putIfAbsent(String key, String value, Duration expires) {
        boolean absent = value(key).isEmpty();
        if (absent) {
            put(key, value, expires);
        }
        return absent;
    }

    @Override
    public synchronized boolean replace(String key, String expected, String value, Duration expires) {
        boolean same = value(key).map(Value::text).filter(expected::equals).isPresent();
        if (same) {
            put(key, value, expires);
        }
        return same;
    }

    @Override
    public synchronized boolean remove(String key) {
        boolean present = value(key).isPresent();
        values.remove(key);
        return present;
    }
}
