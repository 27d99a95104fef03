package dev.sallyport.plugins.redis;

import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Store;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.ManualClock;
import dev.sallyport.testkit.StoreContract;
import dev.sallyport.testservers.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

final class RedisStoreIT extends StoreContract {

    private static RedisServer redis;
    private final FakeContext context = FakeContext.create();

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @AfterEach
    void close() {
        context.close();
    }

    @Override
    protected Store open(ManualClock clock) {
        redis.command("FLUSHALL");
        Store store = RedisFactory.create(Configs.of(redis), context, clock);
        await().until(() -> store.trouble() == null);
        return store;
    }

    @Override
    protected Duration tick() {
        return Duration.ofNanos(1_000);
    }

    @Override
    protected int timelines() {
        return 60;
    }
}
