package dev.sallyport.plugins.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.Endpoint;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.WatchedEndpoints;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KubernetesDiscoveryTest {

    private static final List<?> PORTS = List.of(
            Map.of("name", "http", "port", 8080, "protocol", "TCP"),
            Map.of("name", "admin", "port", 9000, "appProtocol", "https"));

    private ApiServer server;
    private final FakeContext context = FakeContext.create();

    @BeforeEach
    void start() throws IOException {
        server = ApiServer.start();
    }

    @AfterEach
    void stop() {
        context.close();
        server.close();
    }

    private WatchedEndpoints watch(String service, @Nullable String port) {
        return watch(service, port, null);
    }

    private WatchedEndpoints watch(String service, @Nullable String port, @Nullable Path token) {
        Discovery discovery = context.createDiscovery(
                new KubernetesFactory(), new KubernetesConfig(server.address(), token, null, null));
        return WatchedEndpoints.of(discovery, new Discovery.Query(service, port, "http"));
    }

    private static Map<String, Object> pod(String address, boolean ready, boolean serving, boolean terminating) {
        return Map.of(
                "addresses",
                List.of(address),
                "conditions",
                Map.of("ready", ready, "serving", serving, "terminating", terminating));
    }

    private static List<?> pods(String... addresses) {
        return List.of(addresses).stream()
                .map(address -> pod(address, true, true, false))
                .toList();
    }

    @Test
    void portsAreChosenByNameOrNumber() {
        server.put("orders", "orders-a", PORTS, pods("10.0.0.1"));

        try (WatchedEndpoints byName = watch("orders", "http");
                WatchedEndpoints byNumber = watch("orders", "9000");
                WatchedEndpoints unclear = watch("orders", null)) {
            byName.await("http://10.0.0.1:8080");
            byNumber.await("https://10.0.0.1:9000");
            unclear.awaitFailures(1);
            assertThat(unclear.failures().getFirst()).contains("the service has the ports admin, http (expected: one");
        }
    }

    @Test
    void podsThatAreNotReadyAreLeftOutAndThoseThatLeaveAreBackups() {
        server.put(
                "orders",
                "orders-a",
                List.of(Map.of("port", 8080)),
                List.of(
                        pod("10.0.0.1", true, true, false),
                        pod("10.0.0.2", false, false, false),
                        pod("10.0.0.3", false, true, true),
                        pod("10.0.0.4", false, false, true),
                        Map.of("addresses", List.of("10.0.0.5"))));

        try (WatchedEndpoints watched = watch("orders", null)) {
            watched.await("http://10.0.0.1:8080", "http://10.0.0.3:8080", "http://10.0.0.5:8080");

            assertThat(watched.now())
                    .contains(new Endpoint(URI.create("http://10.0.0.3:8080"), 1, true))
                    .filteredOn(Endpoint::backup)
                    .hasSize(1);
        }
    }

    @Test
    void slicesOfOneServiceAreOneList() {
        server.put("orders", "orders-a", List.of(Map.of("port", 8080)), pods("10.0.0.1", "10.0.0.2"));
        server.put("orders", "orders-b", List.of(Map.of("port", 8080)), pods("10.0.0.2", "10.0.0.3"));

        try (WatchedEndpoints watched = watch("orders.default", null)) {
            watched.await("http://10.0.0.1:8080", "http://10.0.0.2:8080", "http://10.0.0.3:8080");

            server.delete("orders", "orders-a");
            watched.await("http://10.0.0.2:8080", "http://10.0.0.3:8080");
        }
    }

    @Test
    void aWatchThatEndsIsBegunAgainWhereItStood() {
        server.put("orders", "orders-a", List.of(Map.of("port", 8080)), pods("10.0.0.1"));
        try (WatchedEndpoints watched = watch("orders", null)) {
            watched.await("http://10.0.0.1:8080");
            Awaitility.await().until(() -> watches() == 1);

            server.bookmark("orders");
            server.endWatches();
            Awaitility.await().until(() -> watches() == 2);
            server.put("orders", "orders-a", List.of(Map.of("port", 8080)), pods("10.0.0.2"));
            watched.await("http://10.0.0.2:8080");

            assertThat(lists()).as("lists").isEqualTo(1);
            assertThat(server.requests().getLast())
                    .contains("resourceVersion=102")
                    .contains("allowWatchBookmarks=true");
        }
    }

    @Test
    void whatTheServerHasForgottenIsListedAgain() {
        server.put("orders", "orders-a", List.of(Map.of("port", 8080)), pods("10.0.0.1"));
        try (WatchedEndpoints watched = watch("orders", null)) {
            watched.await("http://10.0.0.1:8080");
            Awaitility.await().until(() -> watches() == 1);

            server.forget();
            Awaitility.await().until(() -> lists() == 2);
            server.put("orders", "orders-a", List.of(Map.of("port", 8080)), pods("10.0.0.2"));
            watched.await("http://10.0.0.2:8080");

            assertThat(watched.failures()).isEmpty();
        }
    }

    @Test
    void theTokenIsReadAnewForEachCall(@TempDir Path folder) throws IOException {
        Path token = folder.resolve("token");
        Files.writeString(token, "old\n");
        server.asksFor("new");
        server.put("orders", "orders-a", List.of(Map.of("port", 8080)), pods("10.0.0.1"));

        try (WatchedEndpoints watched = watch("orders", null, token)) {
            watched.awaitFailures(1);
            assertThat(watched.failures().getFirst())
                    .contains("answers 401: Unauthorized")
                    .doesNotContain("old");

            Files.writeString(token, "new\n");
            watched.await("http://10.0.0.1:8080");
        }
    }

    private long watches() {
        return server.requests().stream()
                .filter(request -> request.contains("watch=true"))
                .count();
    }

    private long lists() {
        return server.requests().size() - watches();
    }
}
