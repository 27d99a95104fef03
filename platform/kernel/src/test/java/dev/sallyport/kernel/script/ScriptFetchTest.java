package dev.sallyport.kernel.script;

import static dev.sallyport.kernel.script.ScriptFixture.answer;
import static dev.sallyport.kernel.script.ScriptFixture.call;
import static dev.sallyport.kernel.script.ScriptFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.api.Scripts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a script fetches from a server that is there. */
final class ScriptFetchTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger served = new AtomicInteger();
    private final CountDownLatch release = new CountDownLatch(1);
    private final CyclicBarrier pairs = new CyclicBarrier(2);
    private ScriptService service;
    private HttpServer server;
    private String origin;

    @BeforeEach
    void start() throws IOException {
        service = new ScriptService(folder, new ScriptService.Settings(2, 64));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            served.incrementAndGet();
            String path = exchange.getRequestURI().getPath();
            byte[] body = exchange.getRequestBody().readAllBytes();
            try {
                switch (path) {
                    case "/hangs" -> release.await();
                    case "/together" -> pairs.await(30, TimeUnit.SECONDS);
                    default -> {}
                }
            } catch (Exception e) {
                throw new IOException(e);
            }
            byte[] answer = switch (path) {
                case "/large" -> new byte[(1 << 20) + 1];
                default ->
                    (exchange.getRequestMethod() + " " + path + " " + new String(body, StandardCharsets.UTF_8) + " "
                                    + exchange.getRequestHeaders().getFirst("x-key"))
                            .getBytes(StandardCharsets.UTF_8);
            };
            exchange.getResponseHeaders().add("x-from", "there");
            exchange.sendResponseHeaders(path.equals("/missing") ? 404 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        origin = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        release.countDown();
        service.close();
        server.stop(0);
        client.close();
    }

    /** A script with that body, which may fetch from the server. */
    private Filter script(String body) throws IOException {
        return script(body, LONG, Scripts.Origin.parse(origin));
    }

    private Filter script(String body, Duration wall, Scripts.Origin... allowed) throws IOException {
        Files.writeString(
                folder.resolve("test.js"),
                "export default async function (request, next, { config }) {\n" + body + "\n}");
        return service.forStep(System.getLogger("test"), () -> client, loaded -> {})
                .load(
                        "test.js",
                        Map.of("there", origin),
                        ScriptFixture.limits(
                                wall.compareTo(Duration.ofSeconds(5)) < 0 ? wall : Duration.ofSeconds(5),
                                wall,
                                1_000_000),
                        Scripts.Isolation.REQUEST,
                        List.of(allowed));
    }

    @Test
    void bringsStatusFieldsAndBody() throws Exception {
        Filter filter = script("""
            const answer = await fetch(config.there + "/missing", { method: "POST", headers: { "x-key": "k1" }, body: "hello" });
            return new Response([answer.status, answer.ok, answer.headers.get("x-from"), await answer.text()].join("|"));
            """);

        assertThat(answer(filter, get("/"))).isEqualTo("404|false|there|POST /missing hello k1");
    }

    @Test
    void isNotSentWhenTheScriptIsTriedOut() throws Exception {
        script("return fetch(config.there + '/a');");

        assertThat(served).hasValue(0);
    }

    @Test
    void answersTheClientByWhatItBrought() throws Exception {
        Filter filter = script("return fetch(config.there + '/a');");

        Response response = call(filter, get("/"));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("x-from")).isEqualTo("there");
        assertThat(response.header("content-length")).isNull();
        assertThat(response.body().text(100)).isEqualTo("GET /a  null");
    }

    @Test
    void runsBesideNextAndBesideOthers() throws Exception {
        // Each of the two is answered only once both have arrived.
        Filter filter = script("""
            const answers = await Promise.all([fetch(config.there + "/together"), fetch(config.there + "/together"), next()]);
            return new Response(answers.map((answer) => answer.status).join());
            """);

        assertThat(answer(filter, get("/"))).isEqualTo("200,200,200");
    }

    @Test
    void takesTheFieldsOfTheRequestAlongWhereItIsGiven() throws Exception {
        Filter filter = script("return fetch(new Request(config.there + '/a', request));");

        assertThat(answer(filter, get("/", "x-key", "mine", "connection", "x", "host", "shop.example.com")))
                .endsWith(" mine");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        https://other.example.com/          | https://other.example.com (expected:
        http://localhost:1/                 | http://localhost:1 (expected:
        /admin                              | http://localhost (expected:
        """)
    void reachesNothingElse(String url, String told) throws Exception {
        Filter filter = script("try { return await fetch('" + url
                + "'); } catch (e) { return new Response(e.name + ' ' + e.message); }");

        assertThat(answer(filter, get("/")))
                .startsWith("TypeError fetch: " + told)
                .endsWith("name it under fetch: of the step");
    }

    @Test
    void reachesNothingWhereNothingIsNamed() throws Exception {
        Filter filter = script("return fetch(config.there);", LONG);

        assertThatThrownBy(() -> call(filter, get("/")))
                .isInstanceOf(ScriptException.class)
                .hasMessageStartingWith("test.js:2:")
                .hasMessageContaining("(expected: nowhere)");
        assertThat(served).hasValue(0);
    }

    @Test
    void tellsThatAServerIsNotThere() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        Filter filter = script(
                "try { return await fetch('http://127.0.0.1:" + free
                        + "/'); } catch (e) { return new Response(e.message); }",
                LONG,
                Scripts.Origin.parse("http://127.0.0.1:" + free));

        assertThat(answer(filter, get("/"))).isEqualTo("fetch: http://127.0.0.1:" + free + " cannot be reached");
    }

    @Test
    void waitsNoLongerThanTheCallMayTake() throws Exception {
        Filter filter =
                script("return fetch(config.there + '/hangs');", Duration.ofMillis(300), Scripts.Origin.parse(origin));

        assertThatThrownBy(() -> call(filter, get("/")))
                .isInstanceOf(ScriptException.class)
                .hasMessageMatching(".*(limits\\.wall|has not answered in time).*");
    }

    @Test
    void takesNoMoreThanItMayRead() throws Exception {
        Filter filter = script(
                "try { return await fetch(config.there + '/large'); } catch (e) { return new Response(e.message); }");

        assertThat(answer(filter, get("/")))
                .isEqualTo("fetch: " + origin + " answers with more than 1MiB (limits.body)");
    }

    @Test
    void isLimitedInNumber() throws Exception {
        Filter filter = script("""
            let n = 0;
            try { while (true) { await fetch(config.there + "/a"); n++; } } catch (e) { return new Response(n + " " + e.message); }
            """);

        assertThat(answer(filter, get("/"))).isEqualTo("3 fetch: more than 3 (limits.fetches)");
        assertThat(served).hasValue(3);
    }

    @Test
    void endsWithTheCallThatDoesNotAwaitIt() throws Exception {
        Filter filter = script("fetch(config.there + '/hangs'); await next(); return new Response('done');");

        assertThat(answer(filter, get("/"))).isEqualTo("done");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.example.com/x",
                "https://API.example.com:443/",
                "https://a.b.below.example.com/",
                "http://10.0.0.1:8080/?q"
            })
    void knowsWhereItMay(String url) {
        assertThat(List.of("https://api.example.com", "https://*.below.example.com", "http://10.0.0.1:8080"))
                .anySatisfy(text -> assertThat(Scripts.Origin.parse(text).holds(URI.create(url)))
                        .isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.example.com/",
                "https://api.example.com:8443/",
                "https://user@api.example.com/",
                "https://api.example.com.evil.example/",
                "https://below.example.com/",
                "https://evilbelow.example.com/",
                "http://10.0.0.1/",
                "mailto:api.example.com"
            })
    void knowsWhereItMayNot(String url) {
        assertThat(List.of("https://api.example.com", "https://*.below.example.com", "http://10.0.0.1:8080"))
                .allSatisfy(text -> assertThat(Scripts.Origin.parse(text).holds(URI.create(url)))
                        .isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.example.com",
                "ftp://a",
                "https://",
                "https://a/b",
                "https://*",
                "https://a.*.b",
                "https://u@a"
            })
    void refusesWhatIsNoOrigin(String text) {
        assertThatThrownBy(() -> Scripts.Origin.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(text + " (expected: https://api.example.com");
    }
}
