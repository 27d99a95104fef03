package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that serve pages on the admin address, from a jar, in a gateway that serves. */
final class AdminPagesTest {

    /** Does by its path what a test wants. */
    private static final String PANEL = """
        package sample;

        import dev.sallyport.api.*;
        import dev.sallyport.api.config.*;
        import java.time.Duration;

        @Type("panel")
        public final class Factory implements AdminPagesFactory<Factory.Config> {

            public record Config(@Doc("A text.") @Default("none") String text) {}

            private static final java.util.concurrent.atomic.AtomicInteger CLOSED =
                    new java.util.concurrent.atomic.AtomicInteger();

            private static AdminPages.Answer text(String text) {
                return new AdminPages.Answer(200, Headers.of("content-type", "text/plain", "x-own", "1"), text);
            }

            @Override
            public AdminPages create(Config config, ServiceContext context) {
                return call -> switch (call.path()) {
                    case "/who" -> text(call.method() + " " + call.base() + " "
                            + (call.caller() == null ? "nobody" : call.caller().name() + " " + call.caller().role())
                            + " " + call.parameters() + " " + call.secure());
                    case "/body" -> text(new String(call.body(10)));
                    case "/throws" -> throw new IllegalStateException("on purpose");
                    case "/null" -> null;
                    case "/hangs" -> {
                        Thread.sleep(60_000);
                        yield text("late");
                    }
                    case "/closed" -> text(CLOSED.toString());
                    case "/late" -> {
                        try {
                            Thread.sleep(60_000);
                        } catch (InterruptedException tooLate) {
                            // goes on as if nothing had happened
                        }
                        yield new AdminPages.Answer(200, Headers.of("content-type", "text/plain"),
                            java.nio.ByteBuffer.allocate(0), new AdminPages.Stream() {
                                @Override
                                public void writeTo(java.io.OutputStream out) {}

                                @Override
                                public void close() {
                                    CLOSED.incrementAndGet();
                                }
                            });
                    }
                    case "/mint" -> text(call.admin().mint("ada\\nlovelace", AdminPages.Role.READ, Duration.ofMinutes(1), null));
                    case "/ground" -> text(call.admin().mint("ada", AdminPages.Role.ADMIN, Duration.ofMinutes(1),
                            call.parameters().get("sha256")));
                    case "/later" -> {
                        AdminPages.Admin admin = call.admin();
                        yield new AdminPages.Answer(200, Headers.of("content-type", "text/plain"),
                            java.nio.ByteBuffer.allocate(0), new AdminPages.Stream() {
                                private final java.util.concurrent.CountDownLatch over =
                                        new java.util.concurrent.CountDownLatch(1);

                                @Override
                                public void writeTo(java.io.OutputStream out) throws java.io.IOException,
                                        InterruptedException {
                                    out.write("begun".getBytes());
                                    out.flush();
                                    over.await();
                                    try {
                                        out.write(admin.mint("ada", AdminPages.Role.ADMIN,
                                                Duration.ofMinutes(1), null).getBytes());
                                    } catch (IllegalStateException refused) {
                                        out.write(refused.getMessage().getBytes());
                                    }
                                }

                                @Override
                                public void close() {
                                    over.countDown();
                                }
                            });
                    }
                    case "/revoke" -> {
                        call.admin().revoke(call.parameters().get("token"));
                        yield text("done");
                    }
                    case "/too-long" -> text(call.admin().mint("ada", AdminPages.Role.READ, Duration.ofHours(2), null));
                    case "/check" -> text(String.valueOf(call.admin().check(call.parameters().get("token"))));
                    case "/get" -> {
                        AdminPages.Found found = call.admin().get(
                                new AdminPages.Caller("x", AdminPages.Role.valueOf(call.parameters().get("role"))),
                                call.parameters().get("path"));
                        yield text(found.status() + " " + found.json());
                    }
                    case "/audit" -> {
                        call.admin().audit("ada", "look", null);
                        call.admin().audit("ada", "look", "not at that");
                        yield text("done");
                    }
                    case "/stream" -> new AdminPages.Answer(200, Headers.of("content-type", "text/plain"),
                            java.nio.ByteBuffer.allocate(0), out -> {
                                out.write("begun".getBytes());
                                out.flush();
                                Thread.sleep(600_000);
                            });
                    default -> text(config.text() + " " + call.path());
                };
            }
        }
        """;

    private static final String CONFIG = "services: [{name: panel, panel: {text: hello}}]\n"
            + "routes: [{name: all, upstream: \"http://127.0.0.1:1\"}]\n";

    @TempDir
    private Path folder;

    private Path jar;
    private TestGateway gateway;
    private final HttpClient client = HttpClient.newBuilder()
            .executor(task -> Thread.ofVirtual().start(task))
            .build();

    @BeforeEach
    void start() throws IOException {
        jar = SamplePlugin.of(
                Files.createDirectories(folder.resolve("panel")), "panel", "1.0.0", PANEL, "admin, something-else");
        gateway = TestGateway.with(jar).start(CONFIG);
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        gateway.close();
    }

    private HttpRequest.Builder request(String path, String token) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(gateway.adminAddress().resolve(path));
        return token == null ? request : request.header("authorization", "Bearer " + token);
    }

    private HttpResponse<String> get(String path) {
        return gateway.send(request(path, null).build());
    }

    private HttpResponse<String> get(String path, String token) {
        return gateway.send(request(path, token).build());
    }

    @Test
    void answerUnderTheNameOfTheService() {
        HttpResponse<String> answer = get("/panel/a/b%20c");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).startsWith("hello /a/b");
        assertThat(answer.headers().firstValue("x-own")).hasValue("1");
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(get("/panel").headers().firstValue("location")).hasValue("/panel/");
        assertThat(get("/").headers().firstValue("location")).hasValue("/panel/");
    }

    @Test
    void areToldWhoCallsAndLeaveTheApiAsItIs() {
        assertThat(get("/panel/who?a=1&b=%20").body()).isEqualTo("GET /panel nobody {a=1, b= } false");
        assertThat(get("/panel/who", gateway.adminToken()).body()).startsWith("GET /panel admin ADMIN");
        assertThat(get("/panel/who", "some-other-token-of-nobody").body()).startsWith("GET /panel nobody");
        assertThat(get("/v1/routes").statusCode()).isEqualTo(401);
        assertThat(get("/panels/who").statusCode()).isEqualTo(401);
        assertThat(get("/v1/../panel/who").statusCode()).isEqualTo(200);
    }

    @Test
    void areAskedByNobodyFromAnotherSite() {
        assertThat(gateway.send(request("/panel/who", null)
                                .header("origin", "https://evil.example")
                                .build())
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void takeABodyUpToWhatTheySay() {
        assertThat(gateway.send(request("/panel/body", null)
                                .POST(BodyPublishers.ofString("0123456789"))
                                .build())
                        .body())
                .isEqualTo("0123456789");
        assertThat(gateway.send(request("/panel/body", null)
                                .POST(BodyPublishers.ofString("0123456789a"))
                                .build())
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void answer500WithoutAWordOfWhatIsInside() {
        for (String path : new String[] {"/panel/throws", "/panel/null", "/panel/too-long"}) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("on purpose", "sample.Factory");
        }
        assertThat(gateway.log()).anyMatch(line -> line.contains("on purpose"));
    }

    @Test
    void keepNobodyFromTheApiThatHang() throws Exception {
        String token = get("/panel/mint").body();
        for (int i = 0; i < 20; i++) {
            CompletableFuture<?> _ =
                    client.sendAsync(request("/panel/hangs", token).build(), BodyHandlers.ofString());
        }
        awaitHanging(16); // as many as there are threads

        HttpResponse<String> answer = gateway.send(request("/v1/routes", gateway.adminToken())
                .timeout(Duration.ofSeconds(3)) // less than the pages take to be given up
                .build());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void keepNobodyOutWhoHasATokenWhileCallsWithoutOneHang() throws Exception {
        String token = get("/panel/mint").body();
        for (int i = 0; i < 20; i++) {
            CompletableFuture<?> _ =
                    client.sendAsync(request("/panel/hangs", null).build(), BodyHandlers.ofString());
        }
        awaitHanging(8); // as many as an address may have

        assertThat(get("/panel/who").statusCode()).isEqualTo(503);
        assertThat(gateway.send(request("/panel/who", token)
                                .timeout(Duration.ofSeconds(3))
                                .build())
                        .statusCode())
                .isEqualTo(200);
    }

    private void awaitHanging(int calls) {
        gateway.await(
                calls + " calls to hang",
                () -> Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> thread.getName().endsWith("answering GET /panel/hangs"))
                                .count()
                        == calls);
    }

    @Test
    void haveTheStreamOfAnAnswerClosedThatComesTooLate() {
        assertThat(get("/panel/late").statusCode()).isEqualTo(500);

        gateway.await(
                "its stream to be closed", () -> get("/panel/closed").body().equals("1"));
    }

    @Test
    void areKeptFromNobodyByBodiesThatNeverCome() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                Socket socket = new Socket(
                        gateway.adminAddress().getHost(), gateway.adminAddress().getPort());
                slow.add(socket);
                socket.getOutputStream()
                        .write(("POST /panel/body HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n01234")
                                .getBytes(StandardCharsets.US_ASCII));
            }

            assertThat(gateway.send(request("/panel/who", null)
                                    .timeout(Duration.ofSeconds(3))
                                    .build())
                            .statusCode())
                    .isEqualTo(200);
            slow.getLast().getOutputStream().write("56789".getBytes(StandardCharsets.US_ASCII));
            byte[] status = slow.getLast().getInputStream().readNBytes(12);
            assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void mintTokensThatEndWhenTheySayOrWithThem() {
        String token = get("/panel/mint").body();

        assertThat(get("/v1/routes", token).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = gateway.send(
                request("/v1/traces/once", token).POST(BodyPublishers.noBody()).build());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("panel:ada lovelace");
        assertThat(get("/panel/check?token=" + token).body())
                .as("no way to another")
                .isEqualTo("null");
        assertThat(get("/panel/check?token=" + gateway.adminToken()).body()).contains("ADMIN");

        get("/panel/revoke?token=" + token);
        assertThat(get("/v1/routes", token).statusCode()).isEqualTo(401);

        String other = get("/panel/mint").body();
        gateway.configure(CONFIG.replaceFirst("services.*\n", ""));
        assertThat(get("/v1/routes", other).statusCode()).isEqualTo(401);
        assertThat(get("/panel/who").statusCode()).isEqualTo(401);
    }

    @Test
    void haveNoTokenOutliveTheirOwnMaking() throws Exception {
        String token = get("/panel/mint").body();
        HttpResponse<InputStream> later =
                client.send(request("/panel/later", null).build(), BodyHandlers.ofInputStream());
        assertThat(later.body().readNBytes(5)).isEqualTo("begun".getBytes(StandardCharsets.US_ASCII));
        gateway.configure(CONFIG.replace("upstream:", "paths: [/a], upstream:"));
        assertThat(get("/v1/routes", token).statusCode())
                .as("these are the same")
                .isEqualTo(200);

        gateway.configure(CONFIG.replace("hello", "goodbye"));

        assertThat(get("/v1/routes", token).statusCode()).isEqualTo(401);
        assertThat(new String(later.body().readAllBytes(), StandardCharsets.UTF_8))
                .as("nor may they make another one")
                .isEqualTo("these pages panel do not serve any more");
    }

    @Test
    void mintTokensThatMayNoMoreThanWhatTheyRestOn() throws Exception {
        String ground = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest("the-token-of-ops".getBytes(StandardCharsets.UTF_8)));
        String with = "admin: {address: \"127.0.0.1:0\", tokens: [{name: ops, hash: 'sha256:" + ground
                + "', role: admin}]}\n" + CONFIG;
        gateway.configure(with);
        String token = get("/panel/ground?sha256=" + ground).body();
        assertThat(get("/panel/who", token).body()).startsWith("GET /panel panel:ada ADMIN");

        gateway.configure(with.replace("role: admin", "role: read"));
        assertThat(get("/panel/who", token).body()).startsWith("GET /panel panel:ada READ");

        gateway.configure(CONFIG);
        assertThat(get("/v1/routes", token).statusCode()).isEqualTo(401);
    }

    @Test
    void seeInTheApiWhatTheCallerMaySee() {
        assertThat(get("/panel/get?role=READ&path=/v1/routes%3Flimit=1").body()).startsWith("200 [{\"name\":\"all\"");
        assertThat(get("/panel/get?role=READ&path=/v1/routes%3Flimitt=1").body())
                .startsWith("400");
        assertThat(get("/panel/get?role=READ&path=/v1/traces/live").body()).startsWith("403");
        assertThat(get("/panel/get?role=ADMIN&path=/v1/traces/live").body()).startsWith("400");
        assertThat(get("/panel/get?role=ADMIN&path=/v1/nothing").body()).startsWith("404");
        assertThat(get("/panel/get?role=READ&path=/v1/upstreams/http:%252F%252F127.0.0.1:1")
                        .body())
                .startsWith("200 {\"name\":\"http://127.0.0.1:1\"");
    }

    @Test
    void writeIntoTheAuditLog() {
        get("/panel/audit");

        assertThat(get("/v1/audit", gateway.adminToken()).body())
                .contains("\"who\":\"panel:ada\",\"action\":\"look\",\"resource\":\"/panel\",\"outcome\":\"done\"")
                .contains("\"outcome\":\"refused\",\"reason\":\"not at that\"");
    }

    @Test
    void haveTheirStreamsEndedProperlyWhenOthersTakeTheirPlace() throws Exception {
        HttpResponse<InputStream> answer =
                client.send(request("/panel/stream", null).build(), BodyHandlers.ofInputStream());
        assertThat(answer.body().readNBytes(5)).isEqualTo("begun".getBytes(StandardCharsets.US_ASCII));

        gateway.configure(CONFIG.replace("hello", "goodbye"));

        assertThat(answer.body().readAllBytes())
                .as("it ends, and does not break off")
                .isEmpty();
        assertThat(get("/panel/").body()).isEqualTo("goodbye /");
    }

    @Test
    void areRefusedUnderTheNameOfTheApi() {
        assertThat(gateway.configure(CONFIG.replace("name: panel", "name: v1")).toString())
                .contains("v1")
                .contains("/v1 of the admin address is its API");
        assertThat(get("/panel/who").statusCode()).isEqualTo(200);
    }

    @Test
    void areRefusedWithoutThePermission() throws IOException {
        Path without = SamplePlugin.of(Files.createDirectories(folder.resolve("without")), "panel", "1.0.0", PANEL);

        try (TestGateway refused = TestGateway.with(without).start(CONFIG)) {
            assertThat(refused.log())
                    .anyMatch(line -> line.contains("permit it in the manifest: Plugin-Permissions: admin"));
            assertThat(refused.degraded()).anyMatch(each -> each.contains("panel"));
        }
    }

    @Test
    void areNothingThatAnExporterMayTurnOutToBe() throws IOException {
        Path sly = SamplePlugin.of(Files.createDirectories(folder.resolve("sly")), "sly", "1.0.0", """
            package sample;

            import dev.sallyport.api.*;
            import dev.sallyport.api.config.*;
            import java.time.Duration;

            @Type("sly")
            public final class Factory implements ExporterFactory<Factory.Config> {

                public record Config(@Doc("A text.") @Default("none") String text) {}

                private static final class Both implements Exporter, AdminPages {
                    @Override
                    public Answer answer(Call call) {
                        return new Answer(200, Headers.of("content-type", "text/plain"),
                                call.admin().mint("mallory", Role.ADMIN, Duration.ofHours(1), null));
                    }

                    @Override
                    public String trouble() {
                        return null;
                    }
                }

                @Override
                public Exporter create(Config config, ServiceContext context) {
                    return new Both();
                }
            }
            """);

        try (TestGateway refused = TestGateway.with(sly).start(CONFIG.replace("panel", "sly"))) {
            assertThat(refused.degraded()).anyMatch(each -> each.contains("its type is declared as something else"));
            HttpResponse<String> asked =
                    refused.send(HttpRequest.newBuilder(refused.adminAddress().resolve("/sly/"))
                            .build());
            assertThat(asked.statusCode()).isEqualTo(401);
        }
    }
}
