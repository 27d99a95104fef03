package dev.sallyport.plugins.extauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Secret;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The step with Open Policy Agent, whose data API is played as its documentation tells it. */
final class OpaDeciderTest {

    private final FakeContext context = FakeContext.create();
    private final FakeNext next = FakeNext.answering(Response.text(200, "upstream"));
    private final FakeExchange exchange = FakeExchange.builder()
            .client("203.0.113.9")
            .route("orders")
            .parameter("id", "1")
            .consumer(new Consumer("mobile", List.of("partners"), Map.of("tier", "gold")))
            .build();
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
    void asksForTheRuleWithTheRequestAsInput() throws Exception {
        exchange.put(Attribute.of("jwt-claims", Map.class), Map.of("sub", "u1"));
        server.decides("true");

        answer(
                Configs.opa(server.address()),
                Requests.of("PUT", "/orders/1?page=2&page=3&flag")
                        .header("Host", "api.example.com")
                        .header("X-Role", "a")
                        .header("x-role", "b"));

        AuthServer.Asked asked = server.asked().getFirst();
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.target()).isEqualTo("/v1/data/gateway/authz/allow");
        assertThat(asked.headers()).containsEntry("content-type", "application/json");
        assertThat(JsonMapper.shared().readTree(asked.body()))
                .isEqualTo(JsonMapper.shared().readTree("""
                    {"input": {
                      "request": {
                        "method": "PUT", "scheme": "http", "host": "api.example.com", "path": "/orders/1",
                        "query": {"page": ["2", "3"], "flag": [""]},
                        "headers": {"host": "api.example.com", "x-role": "a, b"}},
                      "client": {"address": "203.0.113.9"},
                      "route": "orders",
                      "parameters": {"id": "1"},
                      "consumer": {"name": "mobile", "groups": ["partners"], "tags": {"tier": "gold"}},
                      "claims": {"sub": "u1"}}}
                    """));
        assertThat(next.calls()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " | ",
            value = {
                "true | 200",
                "false | 403",
                "{\"allow\": true} | 200",
                "{\"allow\": false} | 403",
                "{} | 403",
                "{\"status\": 401} | 401",
                "{\"allow\": false, \"status\": 302, \"headers\": {\"location\": \"/login\"}} | 302",
                "{\"allow\": \"yes\"} | 503",
                "\"yes\" | 503",
                "[true] | 503",
                "null | 503",
                "{\"allow\": false, \"status\": 200} | 503",
                "{\"allow\": false, \"status\": \"403\"} | 503",
            })
    void doesWhatTheRuleSays(String value, int status) throws Exception {
        server.decides(value);

        assertThat(answer(Configs.opa(server.address()), Requests.get("/")).status())
                .isEqualTo(status);
        assertThat(next.calls()).isEqualTo(status == 200 ? 1 : 0);
    }

    /** "If the document is undefined […] the response will not contain the result property." */
    @Test
    void aRuleWithoutAValueLetsNobodyPass() throws Exception {
        server.answers(200, "{}");

        assertThat(answer(Configs.opa(server.address()), Requests.get("/")).status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "{\"result\":"})
    void whatIsNoAnswerOfOpaIsNoDecision(String body) throws Exception {
        server.answers(200, body);

        assertThat(answer(Configs.opa(server.address()), Requests.get("/")).status())
                .isEqualTo(503);
    }

    @Test
    void tellsTheUpstreamAndTheClientWhatTheRuleSays() throws Exception {
        server.decides("""
            {"allow": true, "headers": {"X-User": "anna", "x-roles": ["a", "b"], "set-cookie": "s=1", "x-other": "o"}}\
            """);

        Response response = answer(
                Configs.opa(server.address()).toUpstream("x-user", "x-roles").toClient("set-cookie"),
                Requests.get("/").header("x-user", "forged"));

        assertThat(next.request().headers().all("x-user")).containsExactly("anna");
        assertThat(next.request().headers().all("x-roles")).containsExactly("a", "b");
        assertThat(next.request().header("x-other")).isNull();
        assertThat(response.header("set-cookie")).isEqualTo("s=1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " | ",
            value = {
                "\"Not now\" | Not now | text/plain; charset=utf-8",
                "{\"why\": \"not now\"} | {\"why\":\"not now\"} | application/json",
            })
    void answersWithTheBodyOfTheRule(String body, String text, String type) throws Exception {
        server.decides("{\"allow\": false, \"status\": 429, \"body\": " + body + "}");

        Response response = answer(Configs.opa(server.address()), Requests.get("/"));

        assertThat(response.status()).isEqualTo(429);
        assertThat(response.body().text(1000)).isEqualTo(text);
        assertThat(response.header("content-type")).isEqualTo(type);
    }

    @Test
    void aHeaderThatIsNoneIsNoDecision() throws Exception {
        server.decides("{\"allow\": true, \"headers\": {\"x-user\": \"a\\r\\nx-admin: yes\"}}");

        assertThat(answer(Configs.opa(server.address()).toUpstream("x-user"), Requests.get("/"))
                        .status())
                .isEqualTo(503);
    }

    @Test
    void showsTheBodyByChoiceAndATokenToOpaAlone() throws Exception {
        server.decides("true");
        Service opa = new Service.Opa(server.address(), "gateway/authz/allow", Secret.parse("s3cr3t"));

        answer(Configs.of(opa).body(1000), Requests.post("/", "{\"amount\":7}"));

        AuthServer.Asked asked = server.asked().getFirst();
        assertThat(asked.headers()).containsEntry("authorization", "Bearer s3cr3t");
        assertThat(JsonMapper.shared()
                        .readTree(asked.body())
                        .at("/input/request/body")
                        .asString())
                .isEqualTo("{\"amount\":7}");
        assertThat(next.request().header("authorization")).isNull();
    }

    private Response answer(Configs configs, Requests.Builder request) throws Exception {
        return context.create(new ExtAuthFactory(), configs.build())
                .handle(request.exchange(exchange).build(), next);
    }
}
