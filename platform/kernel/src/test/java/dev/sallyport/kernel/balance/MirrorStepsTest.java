package dev.sallyport.kernel.balance;

import static dev.sallyport.kernel.deploy.RunningGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.deploy.RunningGateway;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import java.io.IOException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mirror whose upstream has steps of its own. */
@Timeout(120)
final class MirrorStepsTest {

    private static final String STEP = """
        context.ownHeader("x-marked");
        return (request, next) -> switch (config.header()) {
            case "marks" -> next.proceed(request.withHeaders(request.headers()
                    .with("x-marked", request.exchange().attempt().upstream() + " on "
                            + request.exchange().route() + " by "
                            + (request.exchange().consumer() == null ? "nobody" : request.exchange().consumer().name()))));
            case "passes" -> next.proceed(request);
            case "throws" -> throw new IllegalStateException("odd");
            case "overflows" -> throw new StackOverflowError();
            case "sleeps" -> {
                Thread.sleep(Long.MAX_VALUE);
                yield Response.of(200);
            }
            case "answers" -> Response.of(418);
            case "refuses" -> throw new TargetUnavailableException("not now", java.time.Duration.ofSeconds(1));
            case "hints" -> {
                request.exchange().interim(103, Headers.of("link", "</x>"));
                yield next.proceed(request);
            }
            case "speaks" -> {
                request.exchange().authenticated(new Consumer("shadow", java.util.List.of(), java.util.Map.of()));
                yield next.proceed(request);
            }
            default -> throw new IllegalArgumentException(config.header());
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
        a.remembers = true;
        b.remembers = true;
        OwnerOnly.createFolder(home.resolve("plugins"));
        PluginJar.of("odd", "1.0.0").filter("acme/odd", "x.Odd", STEP).build(home.resolve("plugins/odd.jar"));
    }

    @AfterEach
    void stop() throws IOException {
        a.close();
        b.close();
        client.close();
    }

    private String config(String shadow) {
        return """
            drain: {afterSwap: 100ms}
            upstreams:
              orders: {targets: [%s]}
              shadow: {targets: [%s], plugins: [{acme/odd: {header: %s}}]}
            routes:
              - {name: orders, match: {paths: [/**]}, upstream: orders, mirror: {to: shadow, inFlight: 4}}
            """.formatted(a.url(), b.url(), shadow);
    }

    private HttpResponse<String> send(RunningGateway running, HttpRequest.BodyPublisher body) throws Exception {
        URI uri = URI.create("http://" + running.gateway().addresses().get("web") + "/orders");
        return client.send(
                HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(20))
                        .header("x-marked", "by the client")
                        .POST(body)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void runTheirStepsForTheCopyAlone() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, config("marks"))) {
            send(running, HttpRequest.BodyPublishers.ofString("in one piece"));
            send(running, HttpRequest.BodyPublishers.noBody());
            await(() -> b.seen.size() == 2);

            assertThat(b.seen)
                    .allSatisfy(seen -> assertThat(seen)
                            .containsIgnoringCase("x-marked: shadow on orders by nobody\r\n")
                            .doesNotContain("by the client"));
            assertThat(b.seen).anySatisfy(seen -> assertThat(seen).endsWith("in one piece"));
            assertThat(a.seen).allSatisfy(seen -> assertThat(seen).containsIgnoringCase("x-marked: by the client\r\n"));
        }
    }

    @Test
    void takesOffTheCopyWhatOnlyItsStepsMaySay() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, config("passes"))) {
            send(running, HttpRequest.BodyPublishers.ofString("body"));
            await(() -> b.seen.size() == 1);

            assertThat(b.seen).noneMatch(seen -> seen.contains("by the client"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"throws", "overflows", "sleeps", "answers", "refuses", "hints", "speaks"})
    void whateverTheyDoNobodyNotices(String what) throws Exception {
        try (RunningGateway running = RunningGateway.in(home, config(what))) {
            for (int i = 0; i < 12; i++) {
                HttpResponse<String> response = send(running, HttpRequest.BodyPublishers.ofString("body " + i));

                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("a");
            }
        }
        assertThat(a.seen).hasSize(12);
    }

    @Test
    void aCopyTakesNoLongerThanItsUpstreamAllows() throws Exception {
        String brief = config("sleeps").replace("plugins: [{acme", "timeouts: {total: 200ms}, plugins: [{acme");
        try (RunningGateway running = RunningGateway.in(home, brief)) {
            send(running, HttpRequest.BodyPublishers.ofString("body"));
            await(() -> running.gateway().generation().exchanges() == 1);

            await(() -> running.gateway().generation().exchanges() == 0);
        }
    }

    @Test
    void aCopyThatHangsInAStepHoldsAReplacedGenerationNoLongerThanARequestMay() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, config("sleeps"))) {
            Generation before = running.gateway().generation();
            send(running, HttpRequest.BodyPublishers.ofString("body"));
            await(() -> before.exchanges() == 1);

            running.configure(config("passes"));

            await(before::isDrained);
            send(running, HttpRequest.BodyPublishers.ofString("body"));
            await(() -> b.requests.get() == 1);
        }
    }
}
