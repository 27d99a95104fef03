package dev.sallyport.plugins.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.Endpoint;
import dev.sallyport.api.config.Secret;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.WatchedEndpoints;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Against a real etcd. */
final class EtcdDiscoveryTest {

    private static final Discovery.Query ORDERS = new Discovery.Query("orders", null, "https");

    private EtcdServer server;
    private final FakeContext context = FakeContext.create();

    @BeforeEach
    void start() throws IOException {
        server = EtcdServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        context.close();
        if (server != null) {
            server.close();
        }
    }

    private WatchedEndpoints watch(EtcdConfig config) {
        return WatchedEndpoints.of(context.createDiscovery(new EtcdFactory(), config), ORDERS);
    }

    private EtcdConfig config() {
        return new EtcdConfig(List.of(server.address()), "/services/", null, null);
    }

    @Test
    void valuesTellUrlWeightAndBackup() throws IOException {
        server.put("/services/orders/a", "{\"url\": \"http://10.0.0.1:8080\", \"weight\": 3}");
        server.put("/services/orders/b", "{\"url\": \"10.0.0.2:8080/\", \"backup\": true}");

        try (WatchedEndpoints watched = watch(config())) {
            watched.await("http://10.0.0.1:8080", "https://10.0.0.2:8080");

            assertThat(watched.now())
                    .containsExactly(
                            new Endpoint(URI.create("http://10.0.0.1:8080"), 3, false),
                            new Endpoint(URI.create("https://10.0.0.2:8080"), 1, true));
        }
    }

    @Test
    void aValueThatIsNoInstanceIsLeftOutAndNamed() throws IOException {
        server.put("/services/orders/a", "{\"url\": \"http://10.0.0.1:8080\"}");
        server.put("/services/orders/b", "nonsense");
        server.put("/services/orders/c", "{\"weight\": 3}");
        server.put("/services/orders/d", "{\"url\": \"http://10.0.0.1:8080/path\"}");

        try (WatchedEndpoints watched = watch(config())) {
            watched.await("http://10.0.0.1:8080");

            assertThat(context.log())
                    .anyMatch(line -> line.contains("/services/orders/b is left out: its value is no JSON"))
                    .anyMatch(line -> line.contains("/services/orders/c is left out: its value has no url"))
                    .anyMatch(line -> line.contains("/services/orders/d is left out: endpoint:"));
        }
    }

    @Test
    void anInstanceWhoseLeaseEndsIsGone() throws IOException {
        String lease =
                server.call("/v3/lease/grant", Map.of("TTL", "2")).path("ID").asString();
        server.put("/services/orders/a", "{\"url\": \"http://10.0.0.1:8080\"}");
        server.put("/services/orders/b", "{\"url\": \"http://10.0.0.2:8080\"}", lease);

        try (WatchedEndpoints watched = watch(config())) {
            watched.await("http://10.0.0.1:8080", "http://10.0.0.2:8080");
            watched.await("http://10.0.0.1:8080");
        }
    }

    @Test
    void whatWasCompactedAwayEndsTheWatchSoThatAllIsReadAgain() throws Exception {
        for (int i = 0; i < 10; i++) {
            server.put("/services/orders/a", "{\"url\": \"http://10.0.0.1:" + (8080 + i) + "\"}");
        }
        server.call("/v3/kv/compaction", Map.of("revision", "8"));
        List<JsonNode> events = new ArrayList<>();

        new EtcdClient(context, server.address()).watch("/services/orders/", 2, events::add);

        assertThat(events).isEmpty();
    }

    @Test
    void theNextMemberIsAskedWhereOneIsAway() throws IOException {
        server.put("/services/orders/a", "{\"url\": \"http://10.0.0.1:8080\"}");
        EtcdConfig config =
                new EtcdConfig(List.of(URI.create("http://127.0.0.1:1"), server.address()), "/services/", null, null);

        try (WatchedEndpoints watched = watch(config)) {
            watched.await("http://10.0.0.1:8080");

            assertThat(watched.failures()).singleElement().asString().contains("http://127.0.0.1:1 cannot be reached");
        }
    }

    @Test
    void aUserIsAuthenticated() throws IOException {
        server.put("/services/orders/a", "{\"url\": \"http://10.0.0.1:8080\"}");
        server.call("/v3/auth/user/add", Map.of("name", "root", "password", "s3cr3t"));
        server.call("/v3/auth/user/grant", Map.of("user", "root", "role", "root"));
        server.call("/v3/auth/enable", Map.of());

        try (WatchedEndpoints refused = watch(config());
                WatchedEndpoints watched = watch(
                        new EtcdConfig(List.of(server.address()), "/services/", "root", Secret.parse("s3cr3t")))) {
            watched.await("http://10.0.0.1:8080");
            refused.awaitFailures(1);

            assertThat(refused.lists()).isEmpty();
            assertThat(refused.failures().getFirst()).contains("user name is empty");
        }
    }
}
