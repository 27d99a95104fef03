package dev.sallyport.plugins.redis;

import dev.sallyport.api.Limit;
import dev.sallyport.api.Store;
import dev.sallyport.api.config.Rate;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.StringCodec;

/**
 * A store in Redis. Each call is one script or command, so it is atomic among all who use the server; the time is the
 * server's, in microseconds. Thread-safe.
 */
final class RedisStore implements Store {

    /** What is left of the largest time in Redis after a long one was added to now. */
    private static final long LONGEST_MICROS = Duration.ofDays(3_650).toMillis() * 1_000;

    private final RedissonClient redis;
    private final Calls calls;
    private final String prefix;
    private final @Nullable Clock clock;
    private final Script take;
    private final Script enter;
    private final Script replace;

    /**
     * @param prefix what all names begin with
     * @param clock what to take the time from; null for the server's: only tests have another
     */
    RedisStore(RedissonClient redis, Calls calls, String prefix, @Nullable Clock clock) {
        this.redis = redis;
        this.calls = calls;
        this.prefix = prefix;
        this.clock = clock;
        take = new Script(redis, "take.lua");
        enter = new Script(redis, "enter.lua");
        replace = new Script(redis, "replace.lua");
    }

    @Override
    public List<Take> take(String key, List<Limit> limits, long tokens) {
        return take(key, limits, tokens, "0");
    }

    @Override
    public List<Take> charge(String key, List<Limit> limits, long tokens) {
        return take(key, limits, tokens, "1");
    }

    private List<Take> take(String key, List<Limit> limits, long tokens, String whatever) {
        if (tokens < 0) {
            throw new IllegalArgumentException("tokens: " + tokens + " (expected: 0 or more)");
        }
        String name = name("t", key);
        List<Object> names = new ArrayList<>(limits.size() + 1);
        names.add(name);
        List<Object> values = new ArrayList<>(4 + 5 * limits.size());
        values.add(now());
        values.add(slack());
        values.add(Long.toString(tokens));
        values.add(whatever);
        for (Limit limit : limits) {
            names.add(name + names.size());
            add(values, limit);
        }
        List<Object> told = calls.answer(name, () -> take.run(names, values));
        List<Take> takes = new ArrayList<>(limits.size());
        for (int i = 0; i < told.size(); i += 4) {
            takes.add(new Take(
                    number(told, i) == 1, number(told, i + 1), nanos(number(told, i + 2)), nanos(number(told, i + 3))));
        }
        return takes;
    }

    private static void add(List<Object> values, Limit limit) {
        switch (limit) {
            case Limit.Bucket bucket -> {
                Rate rate = bucket.rate();
                // In lowest terms, so that products stay exact for as long as they can.
                BigInteger amount = BigInteger.valueOf(rate.amount());
                BigInteger per = BigInteger.valueOf(micros(rate.per()));
                BigInteger common = amount.gcd(per);
                values.addAll(List.of(
                        "b",
                        amount + "/" + per,
                        amount.divide(common).toString(),
                        per.divide(common).toString(),
                        Long.toString(bucket.burst())));
            }
            case Limit.Window window ->
                values.addAll(List.of(
                        "w",
                        "-",
                        Long.toString(window.amount()),
                        Long.toString(window.start()),
                        Long.toString(micros(window.left()))));
            case Limit.Sliding sliding ->
                values.addAll(List.of(
                        "s", "-", Long.toString(sliding.amount()), Long.toString(micros(sliding.window())), "0"));
            case Limit.Log log ->
                values.addAll(List.of("l", "-", Long.toString(log.amount()), Long.toString(micros(log.window())), "0"));
        }
    }

    @Override
    public Entry enter(String key, String holder, long most, Duration expires) {
        if (most < 1) {
            throw new IllegalArgumentException("most: " + most + " (expected: 1 or more)");
        }
        aboveZero(expires);
        String name = name("r", key);
        List<Object> values = List.of(now(), slack(), holder, Long.toString(most), Long.toString(micros(expires)));
        List<Object> told = calls.answer(name, () -> enter.run(List.of(name), values));
        return new Entry(number(told, 0) == 1, number(told, 1));
    }

    @Override
    public void leave(String key, String holder) {
        String name = name("r", key);
        var _ = calls.answer(
                name, () -> redis.getScoredSortedSet(name, StringCodec.INSTANCE).removeAsync(holder));
    }

    @Override
    public @Nullable String get(String key) {
        RBucket<String> value = value(key);
        return calls.<@Nullable String>answer(value.getName(), value::getAsync);
    }

    @Override
    public void put(String key, String text, Duration expires) {
        RBucket<String> value = value(key);
        Duration stay = aboveZero(expires);
        calls.<@Nullable Void>answer(value.getName(), () -> value.setAsync(text, stay));
    }

    @Override
    public boolean putIfAbsent(String key, String text, Duration expires) {
        RBucket<String> value = value(key);
        Duration stay = aboveZero(expires);
        return calls.answer(value.getName(), () -> value.setIfAbsentAsync(text, stay));
    }

    @Override
    public boolean replace(String key, String expected, String text, Duration expires) {
        String name = name("v", key);
        List<Object> values =
                List.of(expected, text, Long.toString(aboveZero(expires).toMillis()));
        List<Object> told = calls.answer(name, () -> replace.run(List.of(name), values));
        return number(told, 0) == 1;
    }

    @Override
    public boolean remove(String key) {
        RBucket<String> value = value(key);
        return calls.answer(value.getName(), value::deleteAsync);
    }

    @Override
    public byte @Nullable [] getBytes(String key) {
        RBucket<byte[]> bytes = redis.getBucket(name("b", key), ByteArrayCodec.INSTANCE);
        return calls.<byte @Nullable []>answer(bytes.getName(), bytes::getAsync);
    }

    @Override
    public void putBytes(String key, byte[] bytes, Duration expires) {
        RBucket<byte[]> kept = redis.getBucket(name("b", key), ByteArrayCodec.INSTANCE);
        Duration stay = aboveZero(expires);
        calls.<@Nullable Void>answer(kept.getName(), () -> kept.setAsync(bytes, stay));
    }

    @Override
    public @Nullable String trouble() {
        return calls.trouble();
    }

    private RBucket<String> value(String key) {
        return redis.getBucket(name("v", key), StringCodec.INSTANCE);
    }

    /** In a cluster all keys with the same text in braces are in one place; it is never empty. */
    private String name(String kind, String key) {
        return prefix + kind + "{:" + key + "}";
    }

    private String now() {
        return clock == null ? "" : Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
    }

    /** Where a test sets the clock, keys must not be gone by the server's. */
    private String slack() {
        return clock == null ? "0" : "600000";
    }

    private static Duration aboveZero(Duration expires) {
        if (expires.toMillis() < 1) {
            throw new IllegalArgumentException("expires: " + expires + " (expected: a millisecond or more)");
        }
        return expires;
    }

    private static long micros(Duration time) {
        return time.compareTo(Duration.ofMillis(LONGEST_MICROS / 1_000)) > 0
                ? LONGEST_MICROS
                : Math.max(1, Math.ceilDiv(time.toNanos(), 1_000L));
    }

    private static long nanos(long micros) {
        return micros < 0 || micros > Long.MAX_VALUE / 1_000 ? Long.MAX_VALUE : micros * 1_000;
    }

    private static long number(List<Object> told, int index) {
        return ((Number) told.get(index)).longValue();
    }
}
