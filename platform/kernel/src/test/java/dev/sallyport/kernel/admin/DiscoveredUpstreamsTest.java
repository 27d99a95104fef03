package dev.sallyport.kernel.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.kernel.deploy.RunningGateway;
import dev.sallyport.kernel.discovery.NameServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Rcode;
import tools.jackson.databind.JsonNode;

/** An upstream whose targets a name server tells, in a gateway that serves. */
final class DiscoveredUpstreamsTest {

    @TempDir
    private Path home;

    private NameServer names;
    private HttpServer one;
    private HttpServer two;

    @BeforeEach
    void start() throws IOException {
        names = NameServer.start();
        one = upstream("127.0.0.1", 0, "one");
        two = upstream("127.0.0.2", one.getAddress().getPort(), "two");
    }

    @AfterEach
    void stop() throws IOException {
        names.close();
        one.stop(0);
        two.stop(0);
    }

    private static HttpServer upstream(String host, int port, String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("x-version", name);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private String config(String idle) {
        return config(idle, "500ms");
    }

    private String config(String idle, String hold) {
        return """
            upstreams:
              orders:
                discover: {dns: {name: orders.test, port: %d, resolver: "%s", hold: %s}}
                timeouts: {idle: %s}
            routes: [{name: all, upstream: orders}]
            """.formatted(one.getAddress().getPort(), names.address(), hold, idle);
    }

    @Test
    void followsTheNameServerAndKeepsTheLastListWhileThatIsAway() throws Exception {
        names.answers("orders.test. 1 A 127.0.0.1");
        try (RunningGateway running = RunningGateway.in(home, config("60s"))) {
            assertThat(running.version("/")).isEqualTo("one");

            names.answers("orders.test. 1 A 127.0.0.2");
            RunningGateway.await(() -> running.version("/").equals("two"));
            assertThat(running.version("/")).isEqualTo("two");

            names.failsWith(Rcode.SERVFAIL);
            RunningGateway.await(() -> !running.gateway().degraded().isEmpty());
            JsonNode upstream = AdminCaller.of(running.gateway(), home)
                    .get("/v1/upstreams/orders")
                    .json();
            assertThat(running.version("/")).isEqualTo("two");
            assertThat(running.gateway().degraded())
                    .singleElement()
                    .asString()
                    .startsWith("upstream orders: DNS name orders.test is away since")
                    .endsWith("1 targets are kept: the name server answers SERVFAIL for orders.test.");
            assertThat(upstream.path("targets").path(0).path("url").asString())
                    .isEqualTo("http://127.0.0.2:" + one.getAddress().getPort());
            assertThat(upstream.path("discovery").path("state").asString()).isEqualTo("away");

            names.failsWith(Rcode.NOERROR).answers();
            RunningGateway.await(() -> running.version("/").equals("503"));
        }
    }

    @Test
    void keepsTheTargetsOfANameThatVanishesAndSaysSo() throws Exception {
        names.answers("orders.test. 1 A 127.0.0.1");
        try (RunningGateway running = RunningGateway.in(home, config("60s", "1h"))) {
            assertThat(running.version("/")).isEqualTo("one");

            names.answers();
            RunningGateway.await(() -> !running.gateway().degraded().isEmpty());

            assertThat(running.gateway().degraded())
                    .singleElement()
                    .asString()
                    .endsWith("1 targets are kept: the name server has no record of orders.test any more");
            assertThat(running.version("/")).isEqualTo("one");
        }
    }

    @Test
    void countsWhatTheNameServerTells() throws Exception {
        names.answers("orders.test. 1 A 127.0.0.1", "orders.test. 1 A 127.0.0.2");
        try (RunningGateway running = RunningGateway.in(home, config("60s"))) {
            assertThat(metrics(running))
                    .contains("sallyport_discovery_targets{state=\"current\",upstream=\"orders\"} 2.0\n")
                    .contains("sallyport_discovery_targets{state=\"kept\",upstream=\"orders\"} 0.0\n")
                    .contains("sallyport_discovery_failures_total{upstream=\"orders\"} 0.0\n")
                    .containsPattern("sallyport_discovery_refreshes_total\\{upstream=\"orders\"} [1-9]")
                    .containsPattern("sallyport_discovery_age_seconds\\{upstream=\"orders\"} \\d");

            names.failsWith(Rcode.SERVFAIL);
            RunningGateway.await(() -> !running.gateway().degraded().isEmpty());

            assertThat(metrics(running))
                    .contains("sallyport_discovery_targets{state=\"current\",upstream=\"orders\"} 0.0\n")
                    .contains("sallyport_discovery_targets{state=\"kept\",upstream=\"orders\"} 2.0\n")
                    .containsPattern("sallyport_discovery_failures_total\\{upstream=\"orders\"} [1-9]");
        }
    }

    private static String metrics(RunningGateway running) throws Exception {
        URI uri = URI.create("http://" + running.gateway().statusAddress() + "/metrics");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void keepsItsListWhenTheUpstreamChangesAndTheServerIsAway() throws Exception {
        names.answers("orders.test. 1 A 127.0.0.1");
        try (RunningGateway running = RunningGateway.in(home, config("60s"))) {
            assertThat(running.version("/")).isEqualTo("one");
            names.failsWith(Rcode.SERVFAIL);
            RunningGateway.await(() -> !running.gateway().degraded().isEmpty());

            ReloadResult result = running.configure(config("61s") + "drain: {atStop: 5s}\n");

            assertThat(result.applied()).isTrue();
            assertThat(running.version("/")).isEqualTo("one");
        }
    }

    @Test
    void takesTargetsThatAreWrittenOutInsteadAndDiscoversAgain() throws Exception {
        names.answers("orders.test. 1 A 127.0.0.1");
        try (RunningGateway running = RunningGateway.in(home, config("60s"))) {
            assertThat(running.version("/")).isEqualTo("one");

            running.configure("""
                upstreams: {orders: {targets: ["http://127.0.0.2:%d"]}}
                routes: [{name: all, upstream: orders}]
                """.formatted(one.getAddress().getPort()));
            assertThat(running.version("/")).isEqualTo("two");
            running.configure(config("60s"));

            assertThat(running.version("/")).isEqualTo("one");
        }
    }
}
