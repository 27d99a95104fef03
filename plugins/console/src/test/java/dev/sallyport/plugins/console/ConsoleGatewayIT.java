package dev.sallyport.plugins.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The jar in a real gateway, asked as its page asks. */
final class ConsoleGatewayIT {

    private static final String KEY_HASH = Sessions.hash("test");

    private TestUpstream upstream;
    private TestGateway gateway;
    private Browser browser;

    @BeforeEach
    void start() throws IOException {
        upstream = TestUpstream.start();
    }

    @AfterEach
    void stop() {
        if (browser != null) {
            browser.close();
        }
        if (gateway != null) {
            gateway.close();
        }
        upstream.close();
    }

    private void start(String yaml) {
        gateway = TestGateway.with(TestGateway.builtJar())
                .and(TestGateway.builtJar(Path.of("../respond")))
                .and(TestGateway.builtJar(Path.of("../key-auth")))
                .and(TestGateway.builtJar(Path.of("../mask")))
                .start(yaml);
        browser = new Browser(gateway);
    }

    private String config(String console) {
        return """
            services: [{name: console, console: %s}]
            consumers:
              - {name: mobile, credentials: [{key-auth: {hash: "sha256:%s", id: k1}}]}
            routes:
              - {name: all, match: {paths: [/**]}, upstream: "%s"}
              - {name: guarded, match: {paths: [/guarded/**]}, plugins: [{key-auth: {}}], upstream: "%s"}
              - name: masked
                match: {paths: ["/masked/{card}"]}
                plugins: [{mask: {rules: [{in: [logs], patterns: [card]}]}}, {respond: {status: 204}}]
            """.formatted(console, KEY_HASH, upstream.address(), upstream.address());
    }

    private void startPlain() {
        start("""
            services: [{name: console, console: {}}]
            consumers:
              - {name: mobile, credentials: [{key-auth: {hash: "sha256:%s", id: k1}}]}
            routes:
              - {name: all, match: {paths: [/**]}, upstream: "%s"}
              - {name: guarded, match: {paths: [/guarded/**]}, plugins: [{key-auth: {}}], upstream: "%s"}
            """.formatted(KEY_HASH, upstream.address(), upstream.address()));
    }

    @Test
    void answersUnderItsNameOnTheAdminAddressAlone() {
        startPlain();

        HttpResponse<String> root = browser.get("/");
        assertThat(root.statusCode()).isEqualTo(302);
        assertThat(root.headers().firstValue("location")).hasValue("/console/");
        assertThat(browser.get("/console").headers().firstValue("location")).hasValue("/console/");
        HttpResponse<String> page = browser.get("/console/");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'none'");
        assertThat(browser.get("/v1/routes").statusCode())
                .as("the API as before")
                .isEqualTo(401);
        assertThat(browser.get("/elsewhere").statusCode()).isEqualTo(401);
        assertThat(gateway.get("/console/").headers().firstValue("content-security-policy"))
                .as("at the listener it is the upstream's")
                .isEmpty();
    }

    @Test
    void logsInWithATokenAndTheTokenOfThePageIsOneOfTheApi() {
        startPlain();

        JsonNode granted = Browser.json(browser.login(gateway.adminToken()));

        assertThat(granted.get("name").asString()).isEqualTo("admin");
        assertThat(granted.get("role").asString()).isEqualTo("admin");
        assertThat(browser.get("/v1/routes").statusCode()).isEqualTo(200);
        assertThat(browser.get("api/requests").statusCode()).isEqualTo(200);
        String first = browser.token();
        assertThat(browser.renew().statusCode()).isEqualTo(200);
        assertThat(browser.token()).isNotEqualTo(first);

        assertThat(browser.logout().statusCode()).isEqualTo(200);
        assertThat(browser.get("/v1/routes").statusCode()).as("at once").isEqualTo(401);
        assertThat(browser.get("api/requests").statusCode()).isEqualTo(401);
        assertThat(browser.renew().statusCode()).isEqualTo(401);
    }

    @Test
    void hasACookieThatOpensNothingByItself() {
        startPlain();
        HttpResponse<String> login = browser.login(gateway.adminToken());
        String cookie = login.headers().firstValue("set-cookie").orElseThrow().replaceFirst(";.*", "");

        for (String path : new String[] {"/v1/routes", "/console/api/requests", "/console/api/live"}) {
            HttpResponse<String> answer =
                    browser.send(HttpRequest.newBuilder(gateway.adminAddress().resolve(path))
                            .header("cookie", cookie)
                            .build());
            assertThat(answer.statusCode()).as(path).isEqualTo(401);
        }
        // A page's token is no way to another session, which would outlive it.
        assertThat(browser.login(browser.token()).statusCode()).isEqualTo(401);
    }

    @Test
    void isNothingToAPageOfAnotherSite() {
        startPlain();

        HttpResponse<String> answer =
                browser.send(HttpRequest.newBuilder(gateway.adminAddress().resolve("/console/"))
                        .header("origin", "https://evil.example")
                        .build());

        assertThat(answer.statusCode()).isEqualTo(403);
    }

    @Test
    void namesWhoHasDoneWhatInTheAuditLog() throws IOException {
        startPlain();
        browser.login("not-the-token-at-all");
        browser.login(gateway.adminToken());
        HttpResponse<String> applied = browser.send(browser.request("/v1/log?level=debug&logger=x&for=1m")
                .method("PUT", HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(applied.statusCode()).isEqualTo(200);

        JsonNode lines = browser.json("/v1/audit");

        assertThat(lines.valueStream()
                        .map(line -> line.get("who").asString() + " "
                                + line.get("action").asString() + " "
                                + line.get("outcome").asString()))
                .contains("console:nobody login refused", "console:admin login done")
                .anyMatch(line -> line.startsWith("console:admin ") && line.contains("og"));
        assertThat(Files.readString(gateway.home().resolve("data/audit.log")))
                .doesNotContain("not-the-token-at-all")
                .doesNotContain(gateway.adminToken())
                .doesNotContain(browser.token());
    }

    @Test
    void givesNoMoreThanTheRoleOfTheToken() {
        start("""
            admin:
              address: "127.0.0.1:0"
              tokens: [{name: looker, role: read, hash: "sha256:%s"}]
            services: [{name: console, console: {}}]
            routes: [{name: all, upstream: "%s"}]
            """.formatted(Sessions.hash("a-token-that-may-look"), upstream.address()));

        assertThat(Browser.json(browser.login("a-token-that-may-look"))
                        .get("role")
                        .asString())
                .isEqualTo("read");

        assertThat(browser.get("/v1/routes").statusCode()).isEqualTo(200);
        assertThat(browser.get("api/map").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = browser.send(browser.request("/v1/traces/once")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("console:looker");
    }

    @Test
    void showsEachSecondWhatPasses() throws Exception {
        startPlain();
        browser = Browser.loggedIn(gateway);
        try (BufferedReader live = reader(browser.live())) {
            for (int i = 0; i < 20; i++) {
                gateway.get("/orders/" + i);
            }

            JsonNode seen = next(live);
            for (int tries = 0; tries < 20 && seen.get("rps").asInt() == 0; tries++) {
                seen = next(live);
            }

            assertThat(seen.get("rps").asInt()).isPositive();
            assertThat(seen.get("at").asLong()).isPositive();
            assertThat(seen.get("p99").asDouble()).isPositive();
            assertThat(seen.get("routes").get(0).get("name").asString()).isEqualTo("all");
            assertThat(seen.get("upstreams").get(0).get("rps").asInt()).isPositive();
            assertThat(seen.get("inFlight").asInt()).isNotNegative();
            assertThat(seen.get("heap").asDouble()).isBetween(0.0, 1.0);
            assertThat(seen.get("states").isArray()).isTrue();
        }
    }

    private static BufferedReader reader(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    private static JsonNode next(BufferedReader live) throws IOException {
        for (String line = live.readLine(); line != null; line = live.readLine()) {
            if (line.startsWith("data: ")) {
                return JsonMapper.shared().readTree(line.substring(6));
            }
        }
        throw new AssertionError("the stream has ended");
    }

    @Test
    void endsALiveStreamProperlyWhenTheConsoleIsMadeAnewAndWhenItsSessionEnds() throws Exception {
        start(config("{}"));
        browser = Browser.loggedIn(gateway);
        InputStream first = browser.live();

        assertThat(gateway.configure(config("{keepRequests: 10}")).applied()).isTrue();

        // A response that breaks off would throw.
        assertThat(new String(first.readAllBytes(), StandardCharsets.UTF_8)).startsWith("retry:");

        try (Browser again = Browser.loggedIn(gateway)) {
            InputStream second = again.live();
            again.logout();
            assertThat(new String(second.readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("retry:");
        }
    }

    @Test
    void endsSessionsAndTokensWithItself() {
        start(config("{}"));
        browser = Browser.loggedIn(gateway);

        assertThat(gateway.configure(config("{}").replaceFirst("services: .*\n", ""))
                        .applied())
                .isTrue();

        assertThat(browser.get("/v1/routes").statusCode()).isEqualTo(401);
        assertThat(browser.get("/console/").statusCode()).isEqualTo(401);
    }

    @Test
    void keepsFiguresWhenItIsTakenAwayAndComesBack() {
        start(config("{}"));
        browser = Browser.loggedIn(gateway);
        gateway.get("/orders/1");
        gateway.await("the request to be in the figures", () -> sum("api/series?by=route&name=all") == 1);

        assertThat(gateway.configure(config("{}").replaceFirst("services: .*\n", ""))
                        .applied())
                .isTrue();
        gateway.await(
                "what it had to be written",
                () -> Files.exists(gateway.home().resolve("data/steps/console_console/history.gz")));
        assertThat(gateway.configure(config("{}")).applied()).isTrue();

        browser.close();
        browser = Browser.loggedIn(gateway);
        long hour = System.currentTimeMillis() - 3_600_000;
        gateway.await("the figures of before", () -> sum("api/series?by=route&name=all&from=" + hour) == 1);
    }

    private int sum(String path) {
        int sum = 0;
        for (JsonNode series : browser.json(path).get("series")) {
            for (JsonNode requests : series.get("requests")) {
                sum += requests.asInt();
            }
        }
        return sum;
    }

    @Test
    void countsByRouteUpstreamStatusAndConsumer() {
        startPlain();
        browser = Browser.loggedIn(gateway);
        gateway.get("/orders/1");
        gateway.get("/guarded/1", "x-api-key", "test");
        gateway.get("/guarded/2");

        gateway.await("all to be counted", () -> sum("api/series") == 3);

        assertThat(sum("api/series?by=route&name=guarded")).isEqualTo(2);
        assertThat(sum("api/series?by=status&name=4xx")).isEqualTo(1);
        assertThat(sum("api/series?by=status&name=2xx")).isEqualTo(2);
        assertThat(sum("api/series?by=consumer&name=mobile")).isEqualTo(1);
        assertThat(sum("api/series?by=upstream")).isEqualTo(2);
        assertThat(browser.get("api/series?by=colour").statusCode()).isEqualTo(400);
        assertThat(browser.get("api/series?form=1").body()).contains("form is no parameter of this");
    }

    @Test
    void findsWhyARequestFailed() {
        startPlain();
        browser = Browser.loggedIn(gateway);
        gateway.get("/orders/1");
        String id = gateway.get("/guarded/2?api_key=very-secret", "authorization", "Bearer very-secret")
                .headers()
                .firstValue("x-request-id")
                .orElseThrow();
        gateway.await("it to be kept", () -> browser.get("api/requests/" + id).statusCode() == 200);

        JsonNode found = browser.json("api/requests/" + id);

        assertThat(found.get("status").asInt()).isEqualTo(401);
        assertThat(found.get("route").asString()).isEqualTo("guarded");
        assertThat(found.get("step").asString()).isEqualTo("key-auth of guarded");
        assertThat(found.get("did").asString()).isEqualTo("answered");
        assertThat(found.get("problem").asString()).isEqualTo("api-key-missing");
        assertThat(found.get("path").asString()).isEqualTo("/guarded/2");
        assertThat(found.toString()).doesNotContain("very-secret");
        assertThat(browser.json("api/requests?status=failed").get("requests")).hasSize(1);
        assertThat(browser.json("api/requests?route=all&method=GET&path=/orders")
                        .get("requests"))
                .hasSize(1);
        assertThat(browser.get("api/requests?colour=red").statusCode()).isEqualTo(400);
    }

    @Test
    void namesTheTargetThatBrokeDown() throws IOException {
        startPlain();
        browser = Browser.loggedIn(gateway);
        upstream.close();
        String id =
                gateway.get("/orders/1").headers().firstValue("x-request-id").orElseThrow();
        gateway.await("it to be kept", () -> browser.get("api/requests/" + id).statusCode() == 200);

        JsonNode found = browser.json("api/requests/" + id);

        assertThat(found.get("status").asInt()).isEqualTo(502);
        assertThat(found.get("tries").get(0).get("target").asString())
                .isEqualTo(upstream.address().toString());
        assertThat(found.get("tries").get(0).get("failure").asString()).isNotBlank();
    }

    @Test
    void showsNothingThatAMaskHides() {
        start(config("{}"));
        browser = Browser.loggedIn(gateway);
        gateway.get("/masked/4111111111111111");
        gateway.await(
                "it to be kept",
                () -> browser.json("api/requests?route=masked").get("requests").size() == 1);

        assertThat(browser.get("api/requests").body()).doesNotContain("4111111111111111");
    }

    @Test
    void drawsHowRequestsPass() {
        startPlain();
        browser = Browser.loggedIn(gateway);
        gateway.get("/orders/1");
        gateway.await(
                "the request to be on the map",
                () -> browser.json("api/map")
                        .get("edges")
                        .valueStream()
                        .anyMatch(edge -> edge.get("rps").asDouble() > 0));

        JsonNode map = browser.json("api/map");

        Map<String, JsonNode> nodes = map.get("nodes")
                .valueStream()
                .collect(Collectors.toMap(each -> each.get("id").asString(), each -> each));
        String target = upstream.address().toString();
        assertThat(nodes).containsKeys("listener:web", "route:all", "route:guarded");
        JsonNode step = nodes.get("step:guarded key-auth");
        assertThat(step.get("route").asString()).isEqualTo("guarded");
        assertThat(step.get("steps").get(0).get("mode").asString()).isEqualTo("enforce");
        assertThat(nodes.values().stream()
                        .filter(each -> each.get("kind").asString().equals("target")))
                .anyMatch(each -> each.get("name").asString().equals(target));
        assertThat(map.get("edges")
                        .valueStream()
                        .map(edge -> edge.get("from").asString() + " > "
                                + edge.get("to").asString()))
                .anyMatch(edge -> edge.equals("listener:web > route:all"))
                .anyMatch(edge -> edge.startsWith("route:all > upstream:"))
                .anyMatch(edge -> edge.equals("route:guarded > step:guarded key-auth"))
                .anyMatch(edge -> edge.startsWith("step:guarded key-auth > upstream:"));
        gateway.await("steps to be counted once somebody looks", () -> {
            gateway.get("/guarded/1");
            return browser.json("api/map")
                    .get("nodes")
                    .valueStream()
                    .anyMatch(node -> node.get("id").asString().equals("step:guarded key-auth")
                            && node.get("answeredRps").asDouble() > 0);
        });
    }

    @Test
    void staysSmallWithManyRoutes() {
        String routes = IntStream.range(0, 500)
                .mapToObj(i -> "  - {name: r%d, match: {paths: [/r%d]}, plugins: [{respond: {status: 200}}]}%n"
                        .formatted(i, i))
                .collect(Collectors.joining());
        start("services: [{name: console, console: {}}]\nroutes:\n" + routes);
        browser = Browser.loggedIn(gateway);
        for (int i = 0; i < 200; i++) {
            gateway.get("/r" + i);
        }
        gateway.await("all to be counted", () -> sum("api/series") == 200);

        JsonNode map = browser.json("api/map");

        assertThat(map.get("nodes").size()).isLessThan(100);
        assertThat(map.get("nodes")
                        .valueStream()
                        .filter(node -> node.get("kind").asString().equals("step")))
                .as("one box for the steps of each route that is shown")
                .hasSizeLessThanOrEqualTo(TrafficMap.MOST_ROUTES);
        List<JsonNode> rests =
                map.get("nodes").valueStream().filter(node -> node.has("rest")).toList();
        long shown = map.get("nodes")
                .valueStream()
                .filter(node -> node.get("kind").asString().equals("route") && !node.has("rest"))
                .filter(node -> node.get("rps").asDouble() > 0)
                .count();
        assertThat(rests).as("the rest is summed").hasSize(1);
        assertThat(rests.getFirst().get("rest").asLong()).isEqualTo(200 - shown);
        assertThat(browser.json("api/series?by=route").get("series").size()).isEqualTo(20);
    }

    @Test
    void showsNoSecretOfItsConfiguration() {
        String config = config("""
            {oidc: {issuer: "http://127.0.0.1:1/realms/x", clientId: c, clientSecret: "hush-hush-secret",
              roles: {admin: [boss]}}}\
            """);
        start(config);
        browser = Browser.loggedIn(gateway);

        for (String path : new String[] {
            "session/ways",
            "api/map",
            "api/requests",
            "api/series",
            "/v1/config",
            "/v1/audit",
            "/v1/plugins",
            "/v1/steps"
        }) {
            assertThat(browser.get(path).body()).as(path).doesNotContain("hush-hush-secret");
        }
        for (HttpResponse<String> patch : List.of(
                browser.send("PUT", "/v1/routes/another?dryRun=true", "{\"upstream\": \"http://127.0.0.1:1\"}"),
                browser.send("PUT", "/v1/config", "{\"files\": {\"gateway.yaml\": \"routes: []\"}}"))) {
            assertThat(patch.body()).contains("patch").doesNotContain("hush-hush-secret");
        }
        assertThat(browser.json("session/ways").get("oidc").get("name").asString())
                .isEqualTo("single sign-on");
        HttpResponse<String> away = browser.get("session/oidc");
        assertThat(away.statusCode()).isEqualTo(303);
        assertThat(away.headers().firstValue("location")).hasValue("/console/?login=unavailable");
    }

    @Test
    void servesAsItsPageSays() {
        start(MarkdownPage.examples()
                        .getFirst()
                        .replace("http://127.0.0.1:9001", upstream.address().toString())
                + "routes: [{name: all, upstream: \"" + upstream.address() + "\"}]\n");

        assertThat(browser.login(gateway.adminToken()).statusCode()).isEqualTo(200);
    }
}
