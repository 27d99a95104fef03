package dev.sallyport.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RedisServerIT {

    @Test
    void isEmptyAfterItWasKilledAndStartedAgain() {
        try (RedisServer redis = RedisServer.start()) {
            redis.command("SET", "a", "1");
            assertThat(redis.command("GET", "a")).isEqualTo("1");

            redis.restart();

            assertThat(redis.command("GET", "a")).isEqualTo("$-1");
        }
    }

    @Test
    void goesOnWhereItHasHung() {
        try (RedisServer redis = RedisServer.start()) {
            redis.command("SET", "a", "1");

            redis.hang();
            redis.goOn();

            assertThat(redis.command("GET", "a")).isEqualTo("1");
        }
    }

    @Test
    void isAWholeCluster() {
        List<RedisServer> cluster = RedisServer.startCluster(3);
        try {
            assertThat(cluster.get(2).command("CLUSTER", "INFO")).contains("cluster_slots_ok:16384");
        } finally {
            cluster.forEach(RedisServer::close);
        }
    }

    @Test
    void isWatchedByASentinel() {
        try (RedisServer master = RedisServer.start();
                RedisServer sentinel = RedisServer.startSentinel(master)) {
            assertThat(sentinel.command("SENTINEL", "get-master-addr-by-name", "main"))
                    .contains(Integer.toString(master.port()));
        }
    }
}
