package dev.sallyport.plugins.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Limit;
import dev.sallyport.api.Store;
import dev.sallyport.api.StoreUnavailableException;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Rate;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.TestAuthority;
import dev.sallyport.testservers.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS, users, sentinels. */
final class RedisAccessIT {

    private static final List<Limit> LIMIT = List.of(new Limit.Bucket(Rate.parse("5/h"), 5));

    /** What the page says that the user must be allowed. */
    private static final String USER =
            "user gateway on >s3cr3t ~test:* +@read +@write +@scripting +@connection +time +cluster|slots";

    @TempDir
    private Path folder;

    private final FakeContext context = FakeContext.create();
    private TestAuthority authority;

    @BeforeEach
    void issue() throws Exception {
        authority = new TestAuthority(folder);
    }

    @AfterEach
    void close() {
        context.close();
    }

    private RedisServer start(String... lines) throws Exception {
        authority.issue("redis", "EC", "127.0.0.1");
        return RedisServer.startTls(authority.file("redis.pem"), authority.file("redis.key"), lines);
    }

    private RedisConfig.Tls trusting(Path ca) {
        return new RedisConfig.Tls(ca, null, null, true);
    }

    @Test
    void speaksTlsAsAUserWithFewRights() throws Exception {
        try (RedisServer redis = start("user default off", USER)) {
            Store store = context.createStore(
                    new RedisFactory(), Configs.tls(redis, "gateway", "s3cr3t", trusting(authority.file("ca.pem"))));

            await().until(() -> store.trouble() == null);
            assertThat(store.take("a", LIMIT, 1).getFirst().left()).isEqualTo(4);
            assertThat(store.enter("a", "me", 1, Duration.ofMinutes(1)).entered())
                    .isTrue();
            store.leave("a", "me");
            store.put("a", "text", Duration.ofMinutes(1));
            assertThat(store.get("a")).isEqualTo("text");
            assertThat(store.replace("a", "text", "other", Duration.ofMinutes(1)))
                    .isTrue();
            assertThat(store.remove("a")).isTrue();
        }
    }

    @Test
    void doesNotSpeakToAServerWithAStrangersCertificate(@TempDir Path other) throws Exception {
        TestAuthority stranger = new TestAuthority(other);
        try (RedisServer redis = start()) {
            Store store = context.createStore(
                    new RedisFactory(), Configs.tls(redis, null, "", trusting(stranger.file("ca.pem"))));

            assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> store.take("a", LIMIT, 1));
        }
    }

    @Test
    void isAwayWhereThePasswordIsWrong() throws Exception {
        try (RedisServer redis = start("user default off", USER)) {
            Store store = context.createStore(
                    new RedisFactory(), Configs.tls(redis, "gateway", "wrong", trusting(authority.file("ca.pem"))));

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> store.get("a"))
                    .withMessageNotContaining("wrong");
            assertThat(store.trouble()).startsWith("Redis is away");
        }
    }

    @Test
    void namesAFileThatIsNoCertificate() throws Exception {
        Path none = Files.writeString(folder.resolve("none.pem"), "none");
        try (RedisServer redis = RedisServer.start()) {
            RedisConfig config = Configs.tls(redis, null, "", trusting(none));

            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> context.createStore(new RedisFactory(), config))
                    .returns("tls.ca", ConfigException::key);
        }
    }

    @Test
    void findsTheMasterThatTheSentinelsKnow() {
        try (RedisServer master = RedisServer.start();
                RedisServer sentinel = RedisServer.startSentinel(master)) {
            Store store = context.createStore(new RedisFactory(), Configs.sentinel(sentinel));

            await().until(() -> store.trouble() == null);
            store.put("a", "text", Duration.ofMinutes(1));

            assertThat(store.get("a")).isEqualTo("text");
            assertThat(master.command("DBSIZE")).isEqualTo(":1");
        }
    }

    @Test
    void showsTheSentinelsAPasswordOfTheirOwn() {
        try (RedisServer master = RedisServer.start("requirepass of-the-master");
                RedisServer sentinel = RedisServer.startSentinel(
                        master, "requirepass of-the-sentinel", "sentinel auth-pass main of-the-master")) {
            Store store = context.createStore(
                    new RedisFactory(), Configs.sentinel(sentinel, "of-the-master", "of-the-sentinel"));
            Store stranger =
                    context.createStore(new RedisFactory(), Configs.sentinel(sentinel, "of-the-master", "another"));

            store.put("a", "text", Duration.ofMinutes(1));

            assertThat(store.get("a")).isEqualTo("text");
            assertThat(stranger.trouble()).startsWith("Redis is away");
        }
    }
}
