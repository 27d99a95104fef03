package dev.sallyport.plugins.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testservers.RedisServer;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Three gateways that share one Redis, with many connections to each. With {@code -Pproof} at full size; what it prints then
 * is kept in docs/proofs/rate-limits.md.
 */
final class RateLimitsInAClusterIT {

    private static final boolean PROOF = Boolean.getBoolean("sallyport.proof");
    private static final int GATEWAYS = 3;
    private static final int CONNECTIONS = PROOF ? 64 : 16;
    private static final long ATTEMPTS = PROOF ? 1_000_000 : 10_000;
    private static final long LIMIT = ATTEMPTS / 2;

    private final List<TestGateway> gateways = new ArrayList<>();
    private RedisServer redis;

    @BeforeEach
    void startRedis() {
        redis = RedisServer.start();
    }

    @AfterEach
    void stop() {
        gateways.forEach(TestGateway::close);
        redis.close();
    }

    private List<URI> start(String limit, String timeout) {
        for (int i = 0; i < GATEWAYS; i++) {
            gateways.add(TestGateway.with(TestGateway.builtJar())
                    .and(TestGateway.builtJar(Path.of("../rate-limit")))
                    .and(TestGateway.builtJar(Path.of("../respond")))
                    .start("""
                        services: [{name: shared, redis: {url: "%s", timeout: %s}}]
                        routes:
                          - name: all
                            plugins:
                              - rate-limit: {store: shared, hideFields: true, %s}
                              - respond: {status: 200}
                        """.formatted(redis.url(), timeout, limit)));
        }
        gateways.forEach(
                gateway -> gateway.await("Redis", () -> gateway.degraded().isEmpty()));
        return gateways.stream().map(TestGateway::address).toList();
    }

    /** A bucket that does not fill within the test: what it held, all together, and not one more. */
    @Test
    void grantsExactlyTheLimit() throws Exception {
        List<String> limits = List.of(
                "limit: 1/366d, burst: " + LIMIT,
                "limit: " + LIMIT + "/366d, algorithm: sliding-window",
                "limit: " + LIMIT + "/366d, algorithm: fixed-window");
        for (String limit : limits) {
            redis.command("FLUSHALL");
            List<URI> addresses = start(limit, "10s");

            long start = System.nanoTime();
            Map<Integer, Long> statuses = Load.send(addresses, CONNECTIONS, ATTEMPTS);
            print("exact, " + limit, statuses, start);

            assertThat(statuses).containsExactlyInAnyOrderEntriesOf(Map.of(200, LIMIT, 429, ATTEMPTS - LIMIT));
            gateways.forEach(TestGateway::close);
            gateways.clear();
        }
    }

    @Test
    void leasedLimitsGrantNoMoreAndNoFewerThanTheirBound() throws Exception {
        List<URI> addresses = start("limit: 1/366d, lease: 1%, burst: " + LIMIT, "10s");

        long start = System.nanoTime();
        Map<Integer, Long> statuses = Load.send(addresses, CONNECTIONS, ATTEMPTS);
        print("leased by 1%", statuses, start);

        assertThat(statuses.keySet()).containsExactlyInAnyOrder(200, 429);
        // A share is given up where it is not used within a second.
        long seconds = 1 + (System.nanoTime() - start) / 1_000_000_000;
        assertThat(statuses.get(200)).isBetween(LIMIT - seconds * GATEWAYS * (LIMIT / 100), LIMIT);
        assertThat(calls("ok")).isLessThan(ATTEMPTS / 20);
    }

    /**
     * Redis hangs, is killed, and comes back empty, all while the load runs. Granted is, at most: what Redis gave before, what
     * it gives after it came back empty, and between and around, what each gateway gives by itself.
     */
    @Test
    void noRequestFailsWhileRedisIsAwayAndTheOvershootIsBounded() throws Exception {
        long limit = 300;
        double localShare = 0.2;
        List<URI> addresses = start("limit: 1/366d, localShare: 20%, burst: " + limit, "1s");
        AtomicBoolean over = new AtomicBoolean();
        long start = System.nanoTime();
        CompletableFuture<Map<Integer, Long>> load = CompletableFuture.supplyAsync(() -> {
            try {
                return Load.send(addresses, CONNECTIONS, () -> !over.get());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });

        awaitCalls(calls -> calls.ok() > limit);
        redis.hang();
        awaitCalls(calls -> calls.skipped() > 1_000);
        redis.goOn();
        long ok = calls("ok");
        awaitCalls(calls -> calls.ok() > ok + 100);
        redis.kill();
        long skipped = calls("skipped");
        awaitCalls(calls -> calls.skipped() > skipped + 1_000);
        redis.restart();
        long before = calls("ok");
        awaitCalls(calls -> calls.ok() > before + limit + 100);
        over.set(true);
        Map<Integer, Long> statuses = result(load);
        print("away and back", statuses, start);

        assertThat(statuses.keySet()).containsExactlyInAnyOrder(200, 429);
        long most = 2 * limit + GATEWAYS * (long) (limit * localShare);
        // A call that was not answered in time may have taken a token all the same.
        assertThat(statuses.get(200)).isBetween(2 * limit - calls("failed"), most);
        // A call that waited is one that failed: no more than those that were under way when each outage began.
        assertThat(calls("failed")).isLessThanOrEqualTo(3L * GATEWAYS * CONNECTIONS);
        assertThat(metric("sallyport_rate_limit_degraded_total", "")).isPositive();
    }

    private static Map<Integer, Long> result(CompletableFuture<Map<Integer, Long>> load) throws InterruptedException {
        try {
            return load.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private record Calls(long ok, long skipped) {}

    private interface Condition {
        boolean holds(Calls calls);
    }

    private void awaitCalls(Condition condition) {
        for (TestGateway gateway : gateways) {
            gateway.await("calls", () -> condition.holds(new Calls(calls("ok"), calls("skipped"))));
        }
    }

    private long calls(String outcome) {
        return metric("sallyport_redis_calls_total", "outcome=\"" + outcome + "\"");
    }

    /** The sum over all gateways. */
    private long metric(String name, String label) {
        Pattern line = Pattern.compile(
                "^" + name + "\\{[^}]*" + Pattern.quote(label) + "[^}]*} ([0-9.E+]+)", Pattern.MULTILINE);
        long sum = 0;
        for (TestGateway gateway : gateways) {
            Matcher found = line.matcher(gateway.metrics());
            while (found.find()) {
                sum += (long) Double.parseDouble(found.group(1));
            }
        }
        return sum;
    }

    private void print(String what, Map<Integer, Long> statuses, long start) {
        long millis = Math.max(1, (System.nanoTime() - start) / 1_000_000);
        long all = statuses.values().stream().mapToLong(Long::longValue).sum();
        System.out.printf(
                "%s: %d gateways, %d connections each: %s of %d attempts in %d ms (%d/s), calls of Redis %d, failed"
                        + " %d, skipped %d%n",
                what,
                gateways.size(),
                CONNECTIONS,
                statuses,
                all,
                millis,
                all * 1_000 / millis,
                calls("ok"),
                calls("failed"),
                calls("skipped"));
    }
}
