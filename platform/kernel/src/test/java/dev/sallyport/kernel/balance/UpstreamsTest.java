package dev.sallyport.kernel.balance;

import static dev.sallyport.kernel.deploy.RunningGateway.await;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.Written;
import dev.sallyport.kernel.deploy.RunningGateway;
import dev.sallyport.kernel.upstream.Http1Client;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A gateway over targets that fail. */
final class UpstreamsTest {

    @TempDir
    private Path home;

    private final HttpClient client = HttpClient.newHttpClient();
    private Service a;
    private Service b;
    private RunningGateway running;

    @BeforeEach
    void start() throws IOException {
        a = new Service("a");
        b = new Service("b");
    }

    @AfterEach
    void stop() throws IOException {
        if (running != null) {
            running.close();
        }
        a.close();
        b.close();
        client.close();
    }

    private String config(String... keys) {
        return "upstreams:\n  orders:\n    targets: [" + a.url() + ", " + b.url() + "]\n    "
                + String.join("\n    ", keys)
                + "\nroutes: [{name: orders, match: {paths: [/**]}, upstream: orders}]\n";
    }

    private void run(String yaml) throws Exception {
        running = RunningGateway.in(home, yaml);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://" + running.gateway().addresses().get("web") + path))
                .timeout(Duration.ofSeconds(30));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> get(String... headers) {
        HttpRequest.Builder request = request("/");
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** How often each body or status came. */
    private Map<String, Integer> answers(int times) {
        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < times; i++) {
            HttpResponse<String> response = get();
            answers.merge(
                    response.statusCode() == 200 ? response.body() : Integer.toString(response.statusCode()),
                    1,
                    Integer::sum);
        }
        return answers;
    }

    private JsonNode admin(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://" + running.gateway().adminAddress() + "/v1/" + path))
                    .header(
                            "Authorization",
                            "Bearer "
                                    + Files.readString(home.resolve("data/admin.token"))
                                            .strip())
                    .build();
            return JsonMapper.shared()
                    .readTree(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .body());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode target(Service service) {
        for (JsonNode target : admin("upstreams/orders").path("targets")) {
            if (target.path("url").asString().equals(service.url())) {
                return target;
            }
        }
        throw new AssertionError(service.url());
    }

    private String metrics() {
        return send(HttpRequest.newBuilder(
                        URI.create("http://" + running.gateway().statusAddress() + "/metrics")))
                .body();
    }

    @Test
    void movesOnSilentlyWhereNoConnectionCanBeMade() throws Exception {
        run(config());
        a.kill();

        assertThat(answers(20)).isEqualTo(Map.of("b", 20));
        HttpResponse<String> posted = send(request("/")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[] {}))));
        assertThat(posted.statusCode()).isEqualTo(200);
        assertThat(target(a).path("lastFailure").path("what").asString()).contains("no connection");
    }

    @Test
    void answers502WhereNoTargetCanBeConnectedTo() throws Exception {
        run(config());
        a.kill();
        b.kill();

        assertThat(answers(3)).isEqualTo(Map.of("502", 3));
    }

    @Test
    void answersWithTheStatusOfWhatBecameOfTheRequest() throws Exception {
        run(config("timeouts: {firstByte: 200ms}"));

        a.mood = Service.Mood.RESETS;
        b.mood = Service.Mood.HANGS;

        assertThat(answers(4)).isEqualTo(Map.of("502", 2, "504", 2));
    }

    @Test
    void usesATargetOnlyWhileItsChecksAreGood() throws Exception {
        run(config("health: {path: /healthz, interval: 50ms, unhealthyAfter: 2, healthyAfter: 2}"));
        await(() -> a.checks.get() > 1);
        assertThat(answers(4)).isEqualTo(Map.of("a", 2, "b", 2));

        a.health = 503;
        await(() -> target(a).path("health").asString().equals("unhealthy"));
        assertThat(answers(10)).isEqualTo(Map.of("b", 10));
        assertThat(target(a).path("lastFailure").path("what").asString()).contains("status 503");
        assertThat(metrics()).contains("sallyport_upstream_targets{state=\"unhealthy\",upstream=\"orders\"} 1");

        a.health = 200;
        await(() -> target(a).path("health").asString().equals("healthy"));
        assertThat(answers(4)).isEqualTo(Map.of("a", 2, "b", 2));
    }

    @Test
    void answers503WhereNoTargetIsWell() throws Exception {
        run(config("health: {type: tcp, interval: 50ms, unhealthyAfter: 1}"));
        a.kill();
        b.kill();

        await(() -> target(a).path("health").asString().equals("unhealthy")
                && target(b).path("health").asString().equals("unhealthy"));

        assertThat(admin("upstreams/orders").path("panic").asBoolean()).isTrue();
        assertThat(answers(2)).isEqualTo(Map.of("503", 2));
        b.start();
        await(() -> answers(1).equals(Map.of("b", 1)));
    }

    @Test
    void checksGoOnOverReloadsAndEndWithTheUpstream() throws Exception {
        try (Http1Client wire = new Http1Client();
                TargetGroups groups = new TargetGroups(wire, () -> new byte[1])) {
            var first = Map.of(
                    "orders",
                    Written.upstream(
                            "targets: [" + a.url() + ", " + b.url() + "]", "health: {path: /healthz, interval: 20ms}"));
            Map<String, TargetGroup> one = groups.of(first, Map.of());
            groups.serve(one, first);
            a.health = 500;
            LiveTarget target = one.get("orders").targets().getFirst();
            await(() -> !target.isHealthy());

            var second = Map.of(
                    "orders",
                    Written.upstream(
                            "targets: [" + a.url() + "]",
                            "balance: random",
                            "health: {path: /healthz, interval: 20ms}"));
            Map<String, TargetGroup> two = groups.of(second, one);
            groups.serve(two, second);
            int before = a.checks.get();

            assertThat(two.get("orders").targets()).containsExactly(target);
            assertThat(target.isHealthy()).isFalse();
            assertThat(groups.checked()).isEqualTo(1);
            await(() -> a.checks.get() > before);

            two.get("orders")
                    .update(Written.upstream("targets: [" + b.url() + "]").targets());
            int checked = b.checks.get();
            await(() -> b.checks.get() > checked);
            assertThat(groups.checked()).isEqualTo(1);

            groups.serve(Map.of(), Map.of());
            assertThat(groups.checked()).isZero();
        }
        await(() -> a.open() + b.open() == 0);
    }

    @Test
    void ejectsATargetThatFails() throws Exception {
        run(config("outliers: {consecutive: 2, ejectFor: 1h, ejectForAtMost: 1h}"));
        a.mood = Service.Mood.RESETS;

        assertThat(answers(4)).isEqualTo(Map.of("502", 2, "b", 2));
        assertThat(answers(10)).isEqualTo(Map.of("b", 10));
        assertThat(target(a).path("ejected").asBoolean()).isTrue();
        assertThat(target(a).path("weightNow").asDouble()).isZero();
        assertThat(metrics())
                .contains("sallyport_upstream_targets{state=\"ejected\",upstream=\"orders\"} 1")
                .contains("sallyport_upstream_ejections_total{target=\"" + a.url() + "\",upstream=\"orders\"} 1");

        running.configure(config("# a comment", "outliers: {consecutive: 2, ejectFor: 1h, ejectForAtMost: 1h}"));
        assertThat(answers(4)).isEqualTo(Map.of("b", 4));
    }

    @Test
    void ejectsATargetThatBreaksOffItsAnswers() throws Exception {
        run(config("outliers: {consecutive: 3, ejectFor: 1h, ejectForAtMost: 1h}"));
        a.mood = Service.Mood.BREAKS_OFF;

        int broken = 0;
        for (int i = 0; i < 6; i++) {
            try {
                assertThat(get().body()).isEqualTo("b");
            } catch (IllegalStateException cutOff) {
                broken++;
            }
        }

        assertThat(broken).isEqualTo(3);
        await(() -> target(a).path("ejected").asBoolean());
        assertThat(answers(10)).isEqualTo(Map.of("b", 10));
        assertThat(target(a).path("lastFailure").path("what").asString()).contains("broke off after 1 bytes");
    }

    @Test
    void doesNotCountWhatTheClientHasLeft() throws Exception {
        run(config("outliers: {consecutive: 1, ejectFor: 1h, ejectForAtMost: 1h}"));
        a.mood = Service.Mood.STALLS;
        b.mood = Service.Mood.STALLS;

        for (int i = 0; i < 4; i++) {
            try (Socket client = new Socket(
                    "127.0.0.1", running.gateway().addresses().get("web").port())) {
                client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
                assertThat(client.getInputStream().read()).isEqualTo('H');
            }
        }

        await(() ->
                target(a).path("inFlight").asInt() + target(b).path("inFlight").asInt() == 0);
        assertThat(target(a).path("ejected").asBoolean()).isFalse();
        assertThat(target(b).path("ejected").asBoolean()).isFalse();
    }

    @Test
    void leadsAClientBackByItsCookie() throws Exception {
        run(config("balance: {sticky: {cookie: at, ttl: 1h}}"));

        HttpResponse<String> first = get();
        String set = first.headers().firstValue("set-cookie").orElseThrow();
        String cookie = set.substring(0, set.indexOf(';'));

        assertThat(set).matches("at=[A-Za-z0-9_-]{22}; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax");
        for (int i = 0; i < 6; i++) {
            HttpResponse<String> again = get("Cookie", "x=1; " + cookie);
            assertThat(again.body()).isEqualTo(first.body());
            assertThat(again.headers().firstValue("set-cookie")).isEmpty();
        }
        (first.body().equals("a") ? a : b).kill();
        HttpResponse<String> replaced = get("Cookie", cookie);
        assertThat(replaced.body()).isNotEqualTo(first.body());
        assertThat(replaced.headers().firstValue("set-cookie").orElseThrow()).doesNotContain(cookie);
    }

    @Test
    void answers503WhereTooManyRequestsAreUnderWay() throws Exception {
        run(config("maxRequests: 2"));
        a.delayMillis = 60_000;
        b.delayMillis = 60_000;
        List<CompletableFuture<HttpResponse<String>>> slow = List.of(
                client.sendAsync(request("/").build(), HttpResponse.BodyHandlers.ofString()),
                client.sendAsync(request("/").build(), HttpResponse.BodyHandlers.ofString()));
        await(() -> a.requests.get() + b.requests.get() == 2);

        HttpResponse<String> refused = get();

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).contains("1");
        assertThat(target(a).path("inFlight").asInt()
                        + target(b).path("inFlight").asInt())
                .isEqualTo(2);
        slow.forEach(one -> one.cancel(true));
        a.delayMillis = 0;
        b.delayMillis = 0;
        await(() -> get().statusCode() == 200);
        await(() ->
                target(a).path("inFlight").asInt() + target(b).path("inFlight").asInt() == 0);
    }

    @Test
    void answers503WhereMoreWaitForAnAnswerThanItsAnswersAllow() throws Exception {
        run(config("adaptiveConcurrency: {start: 2, min: 2}"));
        a.delayMillis = 60_000;
        b.delayMillis = 60_000;
        List<CompletableFuture<HttpResponse<String>>> slow = List.of(
                client.sendAsync(request("/").build(), HttpResponse.BodyHandlers.ofString()),
                client.sendAsync(request("/").build(), HttpResponse.BodyHandlers.ofString()));
        await(() -> a.requests.get() + b.requests.get() == 2);

        HttpResponse<String> refused = get();

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).contains("1");
        JsonNode concurrency = admin("upstreams/orders").path("concurrency");
        assertThat(concurrency.path("limit").asInt()).isEqualTo(2);
        assertThat(concurrency.path("waiting").asInt()).isEqualTo(2);
        assertThat(concurrency.path("shed").asInt()).isEqualTo(1);
        slow.forEach(one -> one.cancel(true));
        a.delayMillis = 0;
        b.delayMillis = 0;
        await(() -> get().statusCode() == 200);
        await(() ->
                admin("upstreams/orders").path("concurrency").path("waiting").asInt() == 0);
    }

    @Test
    void splitsRequestsByWeight() throws Exception {
        run("upstreams: {orders: {targets: [" + a.url() + "]}}\nroutes:\n  - name: orders\n"
                + "    match: {paths: [/**]}\n    upstream: {split: [{to: orders, weight: 9}, {to: \"" + b.url()
                + "\", weight: 1}]}\n");

        Map<String, Integer> answers = answers(400);

        assertThat(answers.get("a")).isBetween(320, 395);
        assertThat(answers.get("b")).isEqualTo(400 - answers.get("a"));
        JsonNode route = admin("routes/orders");
        assertThat(route.path("upstream").asString()).isEqualTo("orders 9, " + b.url() + " 1");
        assertThat(route.path("split").get(1).path("weight").asInt()).isEqualTo(1);
    }

    @Test
    void copiesRequestsToAMirror() throws Exception {
        b.remembers = true;
        run("upstreams: {orders: {targets: [" + a.url() + "]}, shadow: {host: shadow.test, targets: [" + b.url()
                + "]}}\nroutes:\n  - {name: orders, match: {paths: [/**]}, upstream: orders,"
                + " mirror: {to: shadow, maxBody: 1KiB}}\n");

        send(request("/one?x=1").header("x-own", "v").POST(HttpRequest.BodyPublishers.ofString("body one")));
        send(request("/two").POST(HttpRequest.BodyPublishers.ofString("x".repeat(2000))));
        send(request("/three"));
        await(() -> b.requests.get() == 2);

        assertThat(b.seen)
                .anySatisfy(seen -> assertThat(seen)
                        .startsWith("POST /one?x=1 HTTP/1.1\r\n")
                        .containsIgnoringCase("Host: shadow.test\r\n")
                        .containsIgnoringCase("x-own: v\r\n")
                        .endsWith("\r\n\r\nbody one"));
        assertThat(b.seen).noneMatch(seen -> seen.contains("/two"));
        assertThat(admin("routes/orders").path("mirror").path("to").asString()).isEqualTo("shadow");
    }

    @Test
    void aMirrorThatHangsOrIsGoneTouchesNobody() throws Exception {
        b.mood = Service.Mood.HANGS;
        run("upstreams: {orders: {targets: [" + a.url() + "]}}\nroutes:\n  - {name: orders, match: {paths: [/**]},"
                + " upstream: orders, mirror: {to: \"" + b.url() + "\", inFlight: 3}}\n");

        assertThat(answers(20)).isEqualTo(Map.of("a", 20));
        assertThat(b.requests.get()).isBetween(1, 3);
        b.kill();
        assertThat(answers(20)).isEqualTo(Map.of("a", 20));
    }
}
