package dev.sallyport.plugins.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions in templates, and what a client can make of them. */
final class RewriteTemplatesTest {

    private static final String EVIL = "../..//e?x=1&y=2#z\r\nx: é%2e";

    @ParameterizedTest
    @CsvSource({
        "/t/{header.x-tenant}/{path.id}, /t/blue/7",
        "/{header.x-tenant.upperAscii()}{path}, /BLUE/v2/Orders/7",
        "{path}.json, /v2/Orders/7.json",
        "/{query.page.orValue('1')}, /1",
        "/{host}/{method.lowerAscii()}, /gateway.test/get",
        "/a{{b}}$$1, /a{b}$1",
        "/{query.none}, 400",
    })
    void takesExpressionsInPaths(String template, String expected) throws Exception {
        Request request = Requests.get("/v2/Orders/7")
                .header("x-tenant", "blue")
                .parameter("id", "7")
                .build();
        FakeNext next = FakeNext.ok();

        Response response = new RewriteFilter(Configs.path(template)).handle(request, next);

        if (response.status() == 200) {
            assertThat(next.request().path()).isEqualTo(expected);
        } else {
            assertThat(expected).isEqualTo("400");
            assertThat(next.calls()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/c/{$1.lowerAscii()}/$2, /c/orders/A%2FB",
        "/c/{kind.lowerAscii()}/{rest}, /c/orders/A%2FB",
        "/c/{$2.lowerAscii()}, /c/a%2Fb",
        "/c/{$1.size()}/{$0.contains('x')}, /c/6/false",
    })
    void changesGroupsByExpressions(String to, String expected) throws Exception {
        FakeNext next = FakeNext.ok();

        new RewriteFilter(Configs.regex("/(?<kind>[A-Za-z]+)/(?<rest>.*)", to))
                .handle(Requests.get("/Orders/A%2FB").build(), next);

        assertThat(next.request().path()).isEqualTo(expected);
    }

    @Test
    void whatAClientSendsStaysOneSegmentAndOneParameter() throws Exception {
        RewriteConfig path = Configs.path("/t/{header.x-evil}/end");
        QueryChanges query = new QueryChanges(
                List.of(), List.of(), Map.of(), Map.of("q", QueryValue.parse("<{header.x-evil}>")), Map.of());
        RewriteConfig config =
                new RewriteConfig(path.path(), null, null, null, query, null, null, null, null, Map.of());
        FakeNext next = FakeNext.ok();

        new RewriteFilter(config)
                .handle(
                        Requests.get("/x")
                                .parameter("id", EVIL)
                                .header("x-evil", EVIL.replace("\r\n", " "))
                                .build(),
                        next);

        assertThat(next.request().path()).isEqualTo("/t/..%2F..%2F%2Fe%3Fx=1&y=2%23z%20x:%20%C3%A9%252e/end");
        assertThat(next.request().target().query())
                .isEqualTo("q=%3C../..//e%3Fx%3D1%26y%3D2%23z%20x:%20%C3%A9%252e%3E");
        assertThat(next.request().target().parameter("y")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "%2e%2e"})
    void aSegmentOfDotsIsRefused(String sent) throws Exception {
        Request request = Requests.get("/x").header("x-evil", sent).build();
        FakeNext next = FakeNext.ok();

        Response response = new RewriteFilter(Configs.path("/t/{header.x-evil}/end")).handle(request, next);

        if (sent.startsWith("%")) {
            assertThat(next.request().path()).isEqualTo("/t/%252e%252e/end");
        } else {
            assertThat(response.status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @CsvSource({"blue, blue.example.com", "evil.com/, ", "a@b, ", "evil.com:80, ", "'', .example.com"})
    void aHostIsMadeOfExpressionsWhereItIsOne(String sent, String expected) throws Exception {
        Request request = Requests.get("/x").header("x-tenant", sent).build();
        FakeNext next = FakeNext.ok();

        Response response = new RewriteFilter(Configs.host("{header.x-tenant}.example.com")).handle(request, next);

        if (expected == null) {
            assertThat(response.status()).isEqualTo(400);
            assertThat(next.calls()).isZero();
        } else {
            assertThat(next.request().header("host")).isEqualTo(expected);
        }
    }

    @Test
    void redirectsToWhatExpressionsMake() throws Exception {
        RewriteFilter filter =
                new RewriteFilter(Configs.redirect(308, Configs.path("/{query.lang.orValue('en')}{path}"), null, null));

        assertThat(filter.handle(Requests.get("/a/b?lang=de&x=1").build(), FakeNext.ok())
                        .header("location"))
                .isEqualTo("/de/a/b?lang=de&x=1");
        assertThat(filter.handle(Requests.get("/a?lang=/evil.com").build(), FakeNext.ok())
                        .header("location"))
                .isEqualTo("/%2Fevil.com/a?lang=/evil.com");
    }

    @Test
    void keepsRemovesRenamesSetsAndAddsParameters() throws Exception {
        Map<String, QueryValue> set = new LinkedHashMap<>();
        set.put("client", QueryValue.parse("{client.address}"));
        set.put("c", QueryValue.parse("{header.none}"));
        QueryChanges changes = new QueryChanges(
                List.of("a", "b", "c", "page_*"),
                List.of("page_x*"),
                Map.of("a", "b", "none", "c"),
                set,
                Map.of("d", QueryValue.parse("{header.none}")));

        String query = changes.apply(
                "a=1&b=2&c=3&page_n=4&page_xy=5&z=6&%61=7&a",
                new Substitution(Requests.get("/").build(), null));

        assertThat(query).isEqualTo("b=1&page_n=4&b=7&b&client=192.0.2.1");
    }

    @Test
    void changesTheMethodAndTheStatus() throws Exception {
        RewriteConfig config = new RewriteConfig(
                null,
                null,
                null,
                null,
                Configs.NONE,
                null,
                null,
                null,
                MethodName.parse("POST"),
                Map.of("404", 410, "5xx", 503, "501", 501));
        RewriteFilter filter = new RewriteFilter(config);
        FakeNext next = FakeNext.answering(Response.text(404, "gone"));

        Response response = filter.handle(Requests.of("PUT", "/a").build(), next);

        assertThat(next.request().method()).isEqualTo("POST");
        assertThat(response.status()).isEqualTo(410);
        assertThat(response.body().text(10)).isEqualTo("gone");
        assertThat(status(filter, 502)).isEqualTo(503);
        assertThat(status(filter, 501)).isEqualTo(501);
        assertThat(status(filter, 200)).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"404, 204", "404, 304", "404, 199", "404, 600", "4x4, 400", "101, 200", "6xx, 500"})
    void refusesStatusesThatAreNone(String from, int to) {
        assertThatThrownBy(() -> new RewriteConfig(
                        null, null, null, null, Configs.NONE, null, null, null, null, Map.of(from, to)))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.key()).isEqualTo("status." + from));
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "", "A B", "CONNECT", "TRACE"})
    void refusesMethodsThatAreNone(String text) {
        assertThatThrownBy(() -> MethodName.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesARedirectThatChangesMethodOrStatus() {
        assertThatThrownBy(() -> new RewriteConfig(
                        PathTemplate.parse("/a"),
                        null,
                        null,
                        null,
                        Configs.NONE,
                        null,
                        null,
                        301,
                        null,
                        Map.of("404", 410)))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.key()).isEqualTo("redirect"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/{clent.address}", "/{response.status}", "/{path == }", "/{$1.foo()}", "x{path}", "{host}"})
    void refusesTemplatesThatCannotBe(String text) {
        assertThatThrownBy(() -> PathTemplate.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static int status(RewriteFilter filter, int status) throws Exception {
        return filter.handle(Requests.get("/a").build(), FakeNext.answering(Response.of(status)))
                .status();
    }
}
