package dev.sallyport.plugins.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RewriteFilterTest {

    @Test
    void replacesTheWholePathAndKeepsTheQuery() throws Exception {
        assertThat(rewritten(Configs.path("/v2/health"), "/old/x?a=1")).isEqualTo("/v2/health?a=1");
    }

    @ParameterizedTest
    @CsvSource({
        "7, /orders/7/items",
        "a b, /orders/a%20b/items",
        "a/b, /orders/a%2Fb/items",
        "ü?#%, /orders/%C3%BC%3F%23%25/items",
        "a:b@c+d, /orders/a:b@c+d/items",
    })
    void encodesPathParametersAsOneSegment(String value, String expected) throws Exception {
        FakeNext next = FakeNext.ok();
        Request request = Requests.get("/x").parameter("id", value).build();

        new RewriteFilter(Configs.path("/orders/{id}/items")).handle(request, next);

        assertThat(next.request().path()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/api, /, /api, /",
        "/api, /, /api/, /",
        "/api, /, /api/x/y, /x/y",
        "/api, /, /apix, /apix",
        "/api, /, /x/api, /x/api",
        "/api/, /, /api/x, /x",
        "/api, /v2, /api/x, /v2/x",
        "/api, /v2, /api, /v2",
        "/api, /v2/, /api/x, /v2/x",
        "/, /v2, /x, /v2/x",
        "/, /v2, /, /v2/",
        "/a%20b, /c, /a%20b/d, /c/d",
        "/api, /, /api//x, /x",
        "/api, /v2, /api//x, /v2//x",
    })
    void replacesAPrefixBySegments(String from, String to, String path, String expected) throws Exception {
        assertThat(rewritten(Configs.prefix(from, to), path + "?q=1")).isEqualTo(expected + "?q=1");
    }

    @ParameterizedTest
    @CsvSource({
        "/v(\\d+)/(.*), /api/$2/$1, /v2/a/b, /api/a/b/2",
        "/v(\\d+)/(.*), /api/$2, /x/v2/a, /x/v2/a",
        "/(?P<kind>[a-z]+)/.*, /k/{kind}, /orders/7, /k/orders",
        "/(?<kind>[a-z]+)/.*, /k/{kind}, /orders/7, /k/orders",
        "/a(/b)?, /c$1, /a, /c",
        "/(.*), /$$1/$1, /x, /$1/x",
        "/(.*), /$1, //evil, /evil",
        "/a/(.*), /b/$1, /a/x%2Fy, /b/x%2Fy",
    })
    void replacesAWholePathThatMatches(String regex, String to, String path, String expected) throws Exception {
        assertThat(rewritten(Configs.regex(regex, to), path)).isEqualTo(expected);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aRegexTakesNoLongerThanThePathIs() throws Exception {
        String path = "/" + "a".repeat(5_000) + "!";

        assertThat(rewritten(Configs.regex("/(a+)+(a+)+b", "/x"), path)).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({"/(.*)-(.*), /$1/$2, /..-x", "/a(.).*, /$1$1/b, /a.x", "/a(.*)x, /$1, /a%2Ex", "/a(.*)Fb, /$1, /a%2Fb"})
    void answers400WhereTheResultIsNoNormalPath(String regex, String to, String path) throws Exception {
        FakeNext next = FakeNext.ok();

        Response response = new RewriteFilter(Configs.regex(regex, to))
                .handle(Requests.get(path).build(), next);

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body().text(1000)).contains("urn:sallyport:problem:path-not-rewritable");
        assertThat(next.calls()).isZero();
    }

    @Test
    void failsWhereTheRouteHasNoSuchParameter() {
        RewriteFilter filter = new RewriteFilter(Configs.path("/orders/{id}"));

        assertThatThrownBy(() -> filter.handle(Requests.get("/x").build(), FakeNext.ok()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("{id} (expected: a path parameter of the route route");
    }

    @Test
    void changesTheQueryAndKeepsTheRestAsItWas() throws Exception {
        Map<String, String> set = new LinkedHashMap<>();
        set.put("b", "x y&z");
        set.put("n", "1");

        assertThat(rewritten(
                        Configs.query(List.of("to ken", "gone"), set, Map.of("a", "2")),
                        "/p?a=%31&b=1&to+ken=s&to%20ken=s&c&b=2&%67one=1&d=%zz"))
                .isEqualTo("/p?a=%31&b=x%20y%26z&c&d=%zz&n=1&a=2");
    }

    @Test
    void removesTheWholeQuery() throws Exception {
        assertThat(rewritten(Configs.query(List.of("*"), Map.of(), Map.of()), "/p?a=1&b=2"))
                .isEqualTo("/p");
        assertThat(rewritten(Configs.query(List.of("*"), Map.of("c", "3"), Map.of()), "/p?a=1"))
                .isEqualTo("/p?c=3");
    }

    @Test
    void putsPathPartsIntoTheQueryDecodedAndEncodedAnew() throws Exception {
        RewriteConfig rule = Configs.regex("/search/(.*)", "/find");
        QueryChanges query = new QueryChanges(
                List.of(),
                List.of(),
                Map.of(),
                Map.of("q", QueryValue.parse("$1"), "id", QueryValue.parse("{id}")),
                Map.of());
        RewriteConfig config =
                new RewriteConfig(null, null, rule.regex(), rule.to(), query, null, null, null, null, Map.of());
        FakeNext next = FakeNext.ok();

        new RewriteFilter(config)
                .handle(
                        Requests.get("/search/a%26b+c=d")
                                .parameter("id", "1&admin=1")
                                .build(),
                        next);

        assertThat(next.request().path()).isEqualTo("/find");
        assertThat(next.request().target().parameter("q")).isEqualTo("a&b+c=d");
        assertThat(next.request().target().parameter("id")).isEqualTo("1&admin=1");
        assertThat(next.request().target().parameter("admin")).isNull();
    }

    @Test
    void setsTheHost() throws Exception {
        FakeNext next = FakeNext.ok();

        new RewriteFilter(Configs.host("orders.internal:8080"))
                .handle(Requests.get("/a").build(), next);

        assertThat(next.request().headers().all("host")).containsExactly("orders.internal:8080");
        assertThat(next.request().path()).isEqualTo("/a");
    }

    @Test
    void leavesAServerWideOptionsAlone() throws Exception {
        FakeNext next = FakeNext.ok();

        new RewriteFilter(Configs.path("/a")).handle(Requests.of("OPTIONS", "*").build(), next);

        assertThat(next.request().path()).isEqualTo("*");
    }

    @Test
    void redirectsToAnotherPathOnTheSameHost() throws Exception {
        FakeNext next = FakeNext.ok();

        Response response = new RewriteFilter(Configs.redirect(308, Configs.prefix("/old", "/new"), null, null))
                .handle(Requests.get("/old/a%20b?q=1").build(), next);

        assertThat(response.status()).isEqualTo(308);
        assertThat(response.header("location")).isEqualTo("/new/a%20b?q=1");
        assertThat(next.calls()).isZero();
    }

    @Test
    void passesOnWhatARedirectDoesNotConcern() throws Exception {
        assertThat(rewritten(Configs.redirect(301, Configs.prefix("/old", "/new"), null, null), "/other"))
                .isEqualTo("/other");
    }

    @Test
    void doesNotRedirectToWhereTheRequestIs() throws Exception {
        assertThat(rewritten(Configs.redirect(301, Configs.path("/a"), null, null), "/a?b"))
                .isEqualTo("/a?b");
        assertThat(rewritten(Configs.redirect(301, null, "gateway.test", null), "/a"))
                .isEqualTo("/a");
        assertThat(rewritten(Configs.redirect(301, null, null, RewriteConfig.Scheme.HTTP), "/a"))
                .isEqualTo("/a");
    }

    @ParameterizedTest
    @CsvSource({
        "/old//evil.com, /evil.com",
        "/old///evil.com/x, /evil.com/x",
        "/old/%2Fevil.com, /%2Fevil.com",
        "/old/@evil.com, /@evil.com",
    })
    void aRedirectNeverLeavesTheHostByThePath(String path, String location) throws Exception {
        RewriteFilter strip = new RewriteFilter(Configs.redirect(302, Configs.prefix("/old", "/"), null, null));
        RewriteFilter regex = new RewriteFilter(Configs.redirect(302, Configs.regex("/old(.*)", "/$1"), null, null));

        assertThat(strip.handle(Requests.get(path).build(), FakeNext.ok()).header("location"))
                .isEqualTo(location);
        assertThat(regex.handle(Requests.get(path).build(), FakeNext.ok()).header("location"))
                .isEqualTo(location);
    }

    @Test
    void redirectsToHttpsOnTheSameHostWithoutTheOtherSchemesPort() throws Exception {
        RewriteFilter filter = new RewriteFilter(Configs.redirect(301, null, null, RewriteConfig.Scheme.HTTPS));

        Response response = filter.handle(
                Requests.get("//x?q=1").header("Host", "shop.example.com:8080").build(), FakeNext.ok());

        assertThat(response.header("location")).isEqualTo("https://shop.example.com/x?q=1");
    }

    @Test
    void redirectsToAnotherHost() throws Exception {
        RewriteFilter filter = new RewriteFilter(Configs.redirect(301, null, "www.example.com", null));

        Response response = filter.handle(Requests.get("/a?b=c").build(), FakeNext.ok());

        assertThat(response.header("location")).isEqualTo("http://www.example.com/a?b=c");
    }

    @Test
    void answers400WhereTheHostCannotStandInALocation() throws Exception {
        RewriteFilter filter = new RewriteFilter(Configs.redirect(301, null, null, RewriteConfig.Scheme.HTTPS));

        Response response =
                filter.handle(Requests.get("/").header("Host", "a@evil.com").build(), FakeNext.ok());

        assertThat(response.status()).isEqualTo(400);
    }

    private static String rewritten(RewriteConfig config, String target) throws Exception {
        FakeNext next = FakeNext.ok();
        Response response =
                new RewriteFilter(config).handle(Requests.get(target).build(), next);
        assertThat(response.status()).isEqualTo(200);
        return next.request().target().toString();
    }
}
