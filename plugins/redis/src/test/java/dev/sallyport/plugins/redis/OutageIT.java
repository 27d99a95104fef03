package dev.sallyport.plugins.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Limit;
import dev.sallyport.api.Store;
import dev.sallyport.api.StoreUnavailableException;
import dev.sallyport.api.config.Rate;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testservers.RedisServer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server away, in each way in which it can be. */
final class OutageIT {

    private static final Duration BUDGET = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CALLS = 500;

    private final FakeContext context = FakeContext.create();

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void startsWithoutAServerAndWorksOnceItIsThere() {
        try (RedisServer redis = RedisServer.start()) {
            redis.kill();
            Store store = context.createStore(new RedisFactory(), Configs.of(redis, BUDGET));
            assertThat(store.trouble()).isEqualTo("Redis is away: it has not answered yet");
            assertThat(works(store)).isFalse();

            redis.restart();

            await().atMost(PATIENCE).until(() -> works(store));
            assertThat(store.trouble()).isNull();
        }
    }

    @Test
    void asksOnceAndNotAgainWhileTheServerIsDead() {
        try (RedisServer redis = RedisServer.start()) {
            Store store = context.createStore(new RedisFactory(), Configs.of(redis, BUDGET));
            await().atMost(PATIENCE).until(() -> works(store));
            long before = calls("skipped");

            redis.kill();
            long failed = calls(store);

            assertThat(failed).isEqualTo(CALLS);
            assertThat(calls("failed"))
                    .isLessThanOrEqualTo(2); // it may answer its own end as the beginning of another life
            assertThat(calls("skipped") - before).isGreaterThanOrEqualTo(CALLS - 2);
            assertThat(up()).isZero();

            redis.restart();
            await().atMost(PATIENCE).until(() -> works(store));
            assertThat(up()).isOne();
        }
    }

    @Test
    void waitsOnceAndNotAgainWhileTheServerHangs() {
        try (RedisServer redis = RedisServer.start()) {
            Store store = context.createStore(new RedisFactory(), Configs.of(redis, BUDGET));
            await().atMost(PATIENCE).until(() -> works(store));
            long before = calls("skipped");

            redis.hang();
            long failed = calls(store);

            assertThat(failed).isEqualTo(CALLS);
            assertThat(calls("failed")).isOne();
            assertThat(calls("skipped") - before).isEqualTo(CALLS - 1);
            assertThat(store.trouble()).contains("did not answer");

            redis.goOn();
            await().atMost(PATIENCE).until(() -> works(store));
        }
    }

    /** The scripts are gone with the server that knew them. */
    @Test
    void runsItsScriptsAgainOnAServerThatDoesNotKnowThem() {
        try (RedisServer redis = RedisServer.start()) {
            Store store = context.createStore(new RedisFactory(), Configs.of(redis));
            await().atMost(PATIENCE).until(() -> works(store));

            redis.command("SCRIPT", "FLUSH");

            assertThat(works(store)).isTrue();
            assertThat(calls("failed")).isZero();
        }
    }

    @Test
    void tellsNeitherKeysNorValuesOfWhatFailed() {
        try (RedisServer redis = RedisServer.start()) {
            Store store = context.createStore(new RedisFactory(), Configs.of(redis, BUDGET));
            await().atMost(PATIENCE).until(() -> works(store));

            redis.hang();
            try {
                store.put("session-of-alice", "s3cr3t", Duration.ofMinutes(1));
            } catch (StoreUnavailableException e) {
                assertThat(e).hasMessageNotContainingAny("alice", "s3cr3t");
            }

            assertThat(context.log().stream().filter(line -> !line.startsWith("DEBUG")))
                    .isNotEmpty()
                    .noneMatch(line -> line.contains("alice") || line.contains("s3cr3t"));
        }
    }

    private static boolean works(Store store) {
        try {
            return store.take("a", List.of(new Limit.Bucket(Rate.parse("1000000/s"), 1_000_000)), 1)
                    .getFirst()
                    .enough();
        } catch (StoreUnavailableException e) {
            return false;
        }
    }

    /** How many of many calls fail. */
    private static long calls(Store store) {
        long failed = 0;
        for (int i = 0; i < CALLS; i++) {
            failed += works(store) ? 0 : 1;
        }
        return failed;
    }

    private long calls(String outcome) {
        return points("sallyport.redis.calls").stream()
                .filter(point -> outcome.equals(point.getAttributes().get(AttributeKey.stringKey("outcome"))))
                .mapToLong(LongPointData::getValue)
                .sum();
    }

    private long up() {
        return context.metrics().stream()
                .filter(metric -> metric.getName().equals("sallyport.redis.up"))
                .flatMap(metric -> metric.getLongGaugeData().getPoints().stream())
                .mapToLong(LongPointData::getValue)
                .sum();
    }

    private List<LongPointData> points(String name) {
        return context.metrics().stream()
                .filter(metric -> metric.getName().equals(name))
                .map(MetricData::getLongSumData)
                .flatMap(data -> data.getPoints().stream())
                .toList();
    }
}
