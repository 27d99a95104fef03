package dev.sallyport.kernel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.RunningGateway;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A step that calls next again and again, and the targets that are chosen for it. */
@Timeout(60)
final class TriedTargetsTest {

    /** Answers with the names of those that it has reached, in order. */
    private static final String THREE_TIMES = """
        return (request, next) -> {
            String all = "";
            for (int i = 0; i < 3; i++) {
                all += next.proceed(request).body().text(100) + request.exchange().attempt().number();
            }
            return Response.text(200, all);
        };
        """;

    /** Answers with the kind of the failure. */
    private static final String IMPATIENT = """
        return (request, next) -> {
            request.exchange().attemptTimeout(java.time.Duration.ofMillis(100));
            try {
                return next.proceed(request);
            } catch (UpstreamException failure) {
                return Response.text(200, failure.kind().name());
            }
        };
        """;

    @TempDir
    private Path home;

    private final HttpClient client = HttpClient.newHttpClient();
    private Service a;
    private Service b;

    @BeforeEach
    void start() throws IOException {
        a = new Service("a");
        b = new Service("b");
        Path plugins = OwnerOnly.createFolder(home.resolve("plugins"));
        PluginJar.of("thrice", "1.0.0")
                .filter("acme/thrice", "x.Thrice", THREE_TIMES)
                .build(plugins.resolve("t.jar"));
        PluginJar.of("hasty", "1.0.0")
                .filter("acme/hasty", "y.Hasty", IMPATIENT)
                .build(plugins.resolve("h.jar"));
    }

    @AfterEach
    void stop() throws IOException {
        a.close();
        b.close();
        client.close();
    }

    @Test
    void anotherTargetIsTriedFirstAlsoWhereTheRequestDecidesOnOne() throws Exception {
        String config = """
            upstreams: {orders: {targets: [%s, %s], balance: {consistent-hash: {by: path}}}}
            routes: [{name: orders, match: {paths: [/**]}, plugins: [{acme/thrice: {header: x}}], upstream: orders}]
            """.formatted(a.url(), b.url());
        try (RunningGateway running = RunningGateway.in(home, config)) {
            assertThat(get(running)).isIn("a1b2a3", "b1a2b3");
        }
    }

    @Test
    void theOnlyTargetIsTriedAgain() throws Exception {
        String config = """
            upstreams: {orders: {targets: [%s]}}
            routes: [{name: orders, match: {paths: [/**]}, plugins: [{acme/thrice: {header: x}}], upstream: orders}]
            """.formatted(a.url());
        try (RunningGateway running = RunningGateway.in(home, config)) {
            assertThat(get(running)).isEqualTo("a1a2a3");
        }
    }

    @Test
    void anAttemptWaitsNoLongerThanAStepSays() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            String config = """
                upstreams: {orders: {targets: ["http://127.0.0.1:%d"], timeouts: {firstByte: 10m}}}
                routes: [{name: orders, match: {paths: [/**]}, plugins: [{acme/hasty: {header: x}}], upstream: orders}]
                """.formatted(silent.getLocalPort());
            try (RunningGateway running = RunningGateway.in(home, config)) {
                assertThat(get(running)).isEqualTo("RESPONSE_TIMEOUT");
            }
        }
    }

    private String get(RunningGateway running) throws Exception {
        URI uri = URI.create("http://" + running.gateway().addresses().get("web") + "/");
        return client.send(
                        HttpRequest.newBuilder(uri)
                                .timeout(Duration.ofSeconds(30))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
