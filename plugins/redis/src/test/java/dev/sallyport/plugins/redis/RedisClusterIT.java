package dev.sallyport.plugins.redis;

import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Store;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.ManualClock;
import dev.sallyport.testkit.StoreContract;
import dev.sallyport.testservers.RedisServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** The same against a cluster: all that one call touches must be in one place. */
final class RedisClusterIT extends StoreContract {

    private static List<RedisServer> cluster = List.of();
    private final FakeContext context = FakeContext.create();

    @BeforeAll
    static void start() {
        cluster = RedisServer.startCluster(3);
    }

    @AfterAll
    static void stop() {
        cluster.forEach(RedisServer::close);
    }

    @AfterEach
    void close() {
        context.close();
    }

    @Override
    protected Store open(ManualClock clock) {
        cluster.forEach(server -> server.command("FLUSHALL"));
        Store store = RedisFactory.create(Configs.cluster(cluster), context, clock);
        await().until(() -> store.trouble() == null);
        return store;
    }

    @Override
    protected Duration tick() {
        return Duration.ofNanos(1_000);
    }

    @Override
    protected int timelines() {
        return 20;
    }
}
