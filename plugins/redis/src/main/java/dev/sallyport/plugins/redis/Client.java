package dev.sallyport.plugins.redis;

import dev.sallyport.api.config.Secret;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.BaseConfig;
import org.redisson.config.BaseMasterSlaveServersConfig;
import org.redisson.config.ClusterServersConfig;
import org.redisson.config.Config;
import org.redisson.config.ReadMode;
import org.redisson.config.SentinelServersConfig;
import org.redisson.config.SingleServerConfig;
import org.redisson.config.SslVerificationMode;

/**
 * The connections to the server. They are made when they are first needed: a server that is not there hinders nobody. None of
 * Redisson's own retries: a call that fails has failed, and {@link Calls} says what is then.
 */
final class Client implements AutoCloseable {

    /** An idle connection that died is found before a request needs it. */
    private static final int PING_MILLIS = 1_000;

    /** How often it is asked who is a master now. */
    private static final int SCAN_MILLIS = 1_000;

    private static final int CONNECT_MILLIS = 1_000;

    private final RedissonClient redis;

    Client(RedisConfig settings) {
        Config config = new Config();
        config.setCodec(StringCodec.INSTANCE); // the default one needs a library that is left out
        config.setLazyInitialization(true);
        config.setThreads(1);
        config.setNettyThreads(2);
        config.setUsername(settings.user());
        config.setPassword(text(settings.password()));
        tls(config, settings.tls());
        servers(config, settings);
        redis = Redisson.create(config);
    }

    private static @Nullable String text(@Nullable Secret secret) {
        return secret == null || secret.value().isEmpty() ? null : secret.value();
    }

    private static void tls(Config config, RedisConfig.@Nullable Tls tls) {
        if (tls == null) {
            return;
        }
        if (tls.ca() != null) {
            config.setSslTrustManagerFactory(Pem.trust(tls.ca()));
        }
        if (tls.certificate() != null && tls.key() != null) {
            config.setSslKeyManagerFactory(Pem.identity(tls.certificate(), tls.key()));
        }
        config.setSslVerificationMode(tls.verify() ? SslVerificationMode.STRICT : SslVerificationMode.CA_ONLY);
    }

    private static void servers(Config config, RedisConfig settings) {
        String[] urls = settings.url().stream().map(URI::toString).toArray(String[]::new);
        if (settings.cluster()) {
            ClusterServersConfig cluster =
                    config.useClusterServers().addNodeAddress(urls).setScanInterval(SCAN_MILLIS);
            cluster.setCheckSlotsCoverage(false); // a part that is away is no reason to do without the others
            masters(cluster, settings);
        } else if (settings.sentinel() != null) {
            SentinelServersConfig sentinels = config.useSentinelServers()
                    .addSentinelAddress(urls)
                    .setMasterName(settings.sentinel())
                    .setSentinelUsername(settings.sentinelUser())
                    .setSentinelPassword(text(settings.sentinelPassword()))
                    .setDatabase(settings.database())
                    .setScanInterval(SCAN_MILLIS)
                    .setCheckSentinelsList(false); // one is enough
            masters(sentinels, settings);
        } else {
            SingleServerConfig server = config.useSingleServer()
                    .setAddress(urls[0])
                    .setDatabase(settings.database())
                    .setConnectionPoolSize(settings.connections())
                    .setConnectionMinimumIdleSize(1)
                    .setSubscriptionConnectionMinimumIdleSize(0)
                    .setSubscriptionConnectionPoolSize(1);
            common(server, settings);
        }
    }

    private static void masters(BaseMasterSlaveServersConfig<?> servers, RedisConfig settings) {
        servers.setMasterConnectionPoolSize(settings.connections());
        servers.setMasterConnectionMinimumIdleSize(1);
        servers.setReadMode(ReadMode.MASTER); // a replica may be behind, and a count must not be
        servers.setSubscriptionConnectionMinimumIdleSize(0);
        common(servers, settings);
    }

    private static void common(BaseConfig<?> servers, RedisConfig settings) {
        servers.setTimeout((int) settings.timeout().toMillis());
        servers.setConnectTimeout(CONNECT_MILLIS);
        servers.setRetryAttempts(0);
        servers.setPingConnectionInterval(PING_MILLIS);
    }

    RedissonClient redis() {
        return redis;
    }

    /** Asks the server that has that key. */
    CompletionStage<?> probe(String key) {
        return redis.getScript(StringCodec.INSTANCE)
                .evalAsync(
                        RScript.Mode.READ_WRITE,
                        "return redis.call('EXISTS', KEYS[1])",
                        RScript.ReturnType.LONG,
                        List.of(key));
    }

    /** Ends all threads: Netty's own one ends a second after it had nothing to do. */
    @Override
    public void close() {
        redis.shutdown(0, 2, TimeUnit.SECONDS);
        try {
            GlobalEventExecutor.INSTANCE.awaitInactivity(3, TimeUnit.SECONDS);
        } catch (IllegalStateException neverStarted) {
            // then there is none
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            FastThreadLocal.removeAll(); // what Netty has left in the thread that closes
        }
    }
}
