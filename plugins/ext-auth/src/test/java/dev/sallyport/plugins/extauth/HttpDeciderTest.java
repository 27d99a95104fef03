package dev.sallyport.plugins.extauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The step with a service of plain HTTP. */
final class HttpDeciderTest {

    private final FakeContext context = FakeContext.create();
    private final FakeNext next = FakeNext.answering(Response.text(200, "upstream"));
    private final FakeExchange exchange =
            FakeExchange.builder().client("203.0.113.9").scheme("https").build();
    private AuthServer server;

    @BeforeEach
    void start() throws IOException {
        server = new AuthServer();
    }

    @AfterEach
    void close() {
        context.close();
        server.close();
    }

    @Test
    void tellsTheServiceWhatIsAskedFor() throws Exception {
        answer(
                Configs.http(URI.create(server.address() + "/verify?strict=yes")),
                Requests.of("PUT", "/orders/1?full=yes")
                        .header("Host", "api.example.com")
                        .header("Authorization", "Bearer t")
                        .header("Cookie", "a=1")
                        .header("X-Original-URL", "https://forged.test/")
                        .header("X-Forwarded-Method", "GET")
                        .header("X-Forwarded-For", "198.51.100.1")
                        .header("If-None-Match", "\"x\"")
                        .header("Range", "bytes=0-1")
                        .header("Content-Type", "application/json")
                        .header("Content-Length", "2"));

        AuthServer.Asked asked = server.asked().getFirst();
        assertThat(asked.method()).isEqualTo("GET");
        assertThat(asked.target()).isEqualTo("/verify?strict=yes");
        assertThat(asked.headers())
                .containsEntry("authorization", "Bearer t")
                .containsEntry("cookie", "a=1")
                .containsEntry("x-forwarded-for", "203.0.113.9")
                .containsEntry("x-forwarded-proto", "https")
                .containsEntry("x-forwarded-host", "api.example.com")
                .containsEntry("x-forwarded-method", "PUT")
                .containsEntry("x-forwarded-uri", "/orders/1?full=yes")
                .containsEntry("x-original-method", "PUT")
                .containsEntry("x-original-uri", "/orders/1?full=yes")
                .containsEntry("x-original-url", "https://api.example.com/orders/1?full=yes")
                .doesNotContainKeys("if-none-match", "range", "content-type");
        assertThat(asked.body()).isEmpty();
    }

    @Test
    void sendsOnlyTheHeadersNamed() throws Exception {
        answer(
                Configs.http(server.address()).send("Authorization"),
                Requests.get("/").header("authorization", "Bearer t").header("cookie", "a=1"));

        assertThat(server.asked().getFirst().headers())
                .containsEntry("authorization", "Bearer t")
                .doesNotContainKey("cookie");
    }

    @Test
    void passesWhatTheServiceAllowsWithTheHeadersNamed() throws Exception {
        server.answers(204, "", "X-User", "anna", "X-Other", "o", "Set-Cookie", "s=1");

        Response response = answer(
                Configs.http(server.address()).toUpstream("x-user", "x-role").toClient("set-cookie"),
                Requests.get("/").header("X-Role", "forged").header("x-user", "forged"));

        assertThat(next.request().headers().all("x-user")).containsExactly("anna");
        assertThat(next.request().header("x-role"))
                .as("only the service says it")
                .isNull();
        assertThat(next.request().header("x-other")).isNull();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers().all("set-cookie")).containsExactly("s=1");
        assertThat(context.ownedHeaders()).containsExactly("x-role", "x-user");
    }

    @Test
    void passesARefusalOn() throws Exception {
        server.answers(
                401,
                "{\"login\":\"needed\"}",
                "Content-Type",
                "application/json",
                "WWW-Authenticate",
                "Bearer",
                "Set-Cookie",
                "a=1",
                "Set-Cookie",
                "b=2",
                "Server",
                "auth/1");

        Response response = answer(Configs.http(server.address()), Requests.get("/"));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.body().text(1000)).isEqualTo("{\"login\":\"needed\"}");
        assertThat(response.header("content-type")).isEqualTo("application/json");
        assertThat(response.header("www-authenticate")).isEqualTo("Bearer");
        assertThat(response.headers().all("set-cookie")).containsExactlyInAnyOrder("a=1", "b=2");
        assertThat(response.header("server")).isNull();
        assertThat(next.calls()).isZero();
        assertThat(exchange.notes()).containsEntry("refused", 401);
    }

    @Test
    void passesARedirectOn() throws Exception {
        server.answers(302, "", "Location", "https://login.example.com/?rd=x");

        Response response = answer(Configs.http(server.address()), Requests.get("/"));

        assertThat(response.status()).isEqualTo(302);
        assertThat(response.header("location")).isEqualTo("https://login.example.com/?rd=x");
        assertThat(response.problem()).isNull();
    }

    @Test
    void saysInWordsWhatABareStatusMeans() throws Exception {
        server.answers(403, "", "WWW-Authenticate", "Bearer");

        Response response = answer(Configs.http(server.address()), Requests.get("/"));

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.header("content-type")).isEqualTo("application/problem+json");
        assertThat(response.header("www-authenticate")).isEqualTo("Bearer");
        assertThat(response.body().text(1000)).contains("urn:sallyport:problem:ext-auth-denied");
        assertThat(exchange.notes()).containsOnly(Map.entry("refused", 403));
    }

    @ParameterizedTest
    @ValueSource(ints = {304, 400, 404, 500, 503})
    void anyOtherStatusIsNoDecision(int status) throws Exception {
        server.answers(status, "");

        Response response = answer(Configs.http(server.address()), Requests.get("/"));

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("retry-after")).isEqualTo("1");
        assertThat(response.body().text(1000)).contains("ext-auth-unavailable").doesNotContain("127.0.0.1");
        assertThat(exchange.notes())
                .containsEntry("unavailable", "status " + status + " (expected: 2xx, 3xx, 401 or 403)");
        assertThat(next.calls()).isZero();
    }

    @Test
    void nobodyPassesWhileTheServiceIsAwayUnlessThatIsChosen() throws Exception {
        URI nowhere = URI.create("http://127.0.0.1:1/");

        assertThat(answer(Configs.http(nowhere), Requests.get("/")).status()).isEqualTo(503);
        assertThat(answer(
                                Configs.http(nowhere).open().toUpstream("x-user"),
                                Requests.get("/").header("x-user", "forged"))
                        .status())
                .isEqualTo(200);
        assertThat(next.request().header("x-user")).isNull();
    }

    @Test
    void waitsNoLongerThanItMay() throws Exception {
        server.hangs();

        Response response = answer(Configs.http(server.address()).timeout(Duration.ofMillis(50)), Requests.get("/"));

        assertThat(response.status()).isEqualTo(503);
        assertThat(exchange.notes()).containsEntry("unavailable", "no decision within 50 ms");
    }

    @Test
    void anAnswerWithoutEndIsNoDecision() throws Exception {
        server.answers(403, "x".repeat(SideCall.MOST_BYTES + 1));

        assertThat(answer(Configs.http(server.address()), Requests.get("/")).status())
                .isEqualTo(503);
    }

    @Test
    void anOutageIsToldOnceAndItsEndToo() throws Exception {
        Filter filter = context.create(
                new ExtAuthFactory(), Configs.http(server.address()).build());
        server.answers(500, "");
        for (int i = 0; i < 3; i++) {
            filter.handle(Requests.get("/").build(), next);
        }
        server.answers(200, "");
        filter.handle(Requests.get("/").build(), FakeNext.ok());

        assertThat(context.log())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("WARNING").contains("does not decide: status 500"),
                        line -> assertThat(line).startsWith("INFO").contains("decides again"));
    }

    @Test
    void showsTheServiceTheBodyAndPassesItOn() throws Exception {
        Configs configs =
                Configs.of(new Service.Http(server.address(), "original")).body(1000);

        answer(configs, Requests.post("/", "{\"amount\":7}").header("content-type", "application/json"));

        AuthServer.Asked asked = server.asked().getFirst();
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.body()).isEqualTo("{\"amount\":7}");
        assertThat(asked.headers()).containsEntry("content-type", "application/json");
        assertThat(next.request().body().text(1000)).isEqualTo("{\"amount\":7}");
    }

    @Test
    void aLongerBodyIsTooLarge() {
        Configs configs = Configs.of(new Service.Http(server.address(), "POST")).body(3);

        assertThatThrownBy(() -> answer(configs, Requests.post("/", "long"))).isInstanceOf(BodyTooLargeException.class);
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void keepsADecisionForWhatItDependsOn() throws Exception {
        server.answers(200, "", "X-User", "anna");
        Filter filter = context.create(
                new ExtAuthFactory(),
                Configs.http(server.address())
                        .toUpstream("x-user")
                        .cache(100, "header.authorization", "method")
                        .build());

        assertThat(user(filter, "a")).isEqualTo("anna");
        server.answers(200, "", "X-User", "bert");
        assertThat(user(filter, "a")).isEqualTo("anna");
        assertThat(user(filter, "b")).isEqualTo("bert");
        context.clock().advance(Duration.ofSeconds(10));
        assertThat(user(filter, "a")).isEqualTo("bert");
        assertThat(server.asked()).hasSize(3);
    }

    @Test
    void asksWhereWhatADecisionDependsOnIsMissing() throws Exception {
        Filter filter = context.create(
                new ExtAuthFactory(),
                Configs.http(server.address())
                        .cache(100, "header.authorization")
                        .build());

        filter.handle(Requests.get("/").build(), FakeNext.ok());
        filter.handle(Requests.get("/").build(), FakeNext.ok());

        assertThat(server.asked()).hasSize(2);
    }

    @Test
    void keepsRefusalsButNeitherRedirectsNorCookiesNorWhatMustNotBeKept() throws Exception {
        Filter filter = context.create(
                new ExtAuthFactory(),
                Configs.http(server.address()).cache(100, "path").build());

        server.answers(403, "no");
        assertThat(asks(filter, "/refused")).isEqualTo(1);
        server.answers(302, "", "Location", "/login");
        assertThat(asks(filter, "/redirect")).isEqualTo(2);
        server.answers(200, "", "Set-Cookie", "a=1");
        assertThat(asks(filter, "/cookie")).isEqualTo(2);
        server.answers(200, "", "Cache-Control", "private, no-store");
        assertThat(asks(filter, "/no-store")).isEqualTo(2);
        server.answers(500, "");
        assertThat(asks(filter, "/failure")).isEqualTo(2);
    }

    @Test
    void keepsNoMoreThanItMay() throws Exception {
        Filter filter = context.create(
                new ExtAuthFactory(),
                Configs.http(server.address()).cache(2, "path").build());

        for (String path : List.of("/1", "/2", "/1", "/3", "/1", "/2")) {
            filter.handle(Requests.get(path).build(), FakeNext.ok());
        }

        assertThat(server.asked()).as("/2 was not used for longest").hasSize(4);
    }

    private int asks(Filter filter, String path) throws Exception {
        int before = server.asked().size();
        filter.handle(Requests.get(path).build(), FakeNext.ok());
        filter.handle(Requests.get(path).build(), FakeNext.ok());
        return server.asked().size() - before;
    }

    private static String user(Filter filter, String token) throws Exception {
        FakeNext upstream = FakeNext.ok();
        filter.handle(Requests.get("/").header("authorization", token).build(), upstream);
        return String.valueOf(upstream.request().header("x-user"));
    }

    private Response answer(Configs configs, Requests.Builder request) throws Exception {
        return context.create(new ExtAuthFactory(), configs.build())
                .handle(request.exchange(exchange).build(), next);
    }
}
