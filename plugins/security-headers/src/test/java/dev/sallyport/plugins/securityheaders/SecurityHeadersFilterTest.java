package dev.sallyport.plugins.securityheaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SecurityHeadersFilterTest {

    @Test
    void setsWhatProtectsWithoutBreaking() throws Exception {
        Response response = answer(Configs.defaults(), "https", Headers.of("content-type", "text/html"));

        assertThat(text(response.headers()))
                .containsExactlyInAnyOrder(
                        "content-type: text/html",
                        "strict-transport-security: max-age=31536000",
                        "x-content-type-options: nosniff",
                        "referrer-policy: strict-origin-when-cross-origin",
                        "permissions-policy: camera=(), geolocation=(), microphone=()",
                        "content-security-policy: frame-ancestors 'self'",
                        "x-frame-options: SAMEORIGIN");
    }

    /** RFC 6797 §7.2: "An HSTS Host MUST NOT include the STS header field in HTTP responses conveyed over non-secure transport." */
    @Test
    void saysNothingOfTransportInClearText() throws Exception {
        Response response = answer(Configs.defaults(), "http", Headers.empty());

        assertThat(response.header("strict-transport-security")).isNull();
        assertThat(response.header("x-content-type-options")).isEqualTo("nosniff");
    }

    @Test
    void takesOffWhatTellsOfTheSoftware() throws Exception {
        Headers upstreams = Headers.of("Server", "nginx/1.2", "X-Powered-By", "PHP/5", "X-Other", "kept");

        assertThat(answer(Configs.defaults(), "http", upstreams).headers().names())
                .doesNotContain("server", "x-powered-by")
                .contains("x-other");
        assertThat(answer(Configs.defaults().removing(), "http", upstreams).header("server"))
                .isEqualTo("nginx/1.2");
    }

    @Test
    void leavesWhatTheUpstreamSays() throws Exception {
        Headers upstreams = Headers.of(
                "Referrer-Policy", "no-referrer",
                "X-Content-Type-Options", "other",
                "Permissions-Policy", "camera=(self)",
                "Content-Security-Policy", "default-src 'self'",
                "Strict-Transport-Security", "max-age=1");

        Response response =
                answer(Configs.defaults().with("contentSecurityPolicy", "default-src 'none'"), "https", upstreams);

        for (int i = 0; i < upstreams.size(); i++) {
            assertThat(response.header(upstreams.name(i))).isEqualTo(upstreams.value(i));
        }
        assertThat(response.headers().all("content-security-policy"))
                .containsExactly("default-src 'self'", "frame-ancestors 'self'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " | ",
            value = {
                "X-Frame-Options | DENY",
                "Content-Security-Policy | default-src 'self'; frame-ancestors https://a.example",
            })
    void leavesItToTheUpstreamWhoMayFrameIt(String name, String value) throws Exception {
        Response response = answer(Configs.defaults(), "http", Headers.of(name, value));

        assertThat(response.headers().all("x-frame-options").size()
                        + response.headers().all("content-security-policy").size())
                .isEqualTo(1);
        assertThat(response.header(name)).isEqualTo(value);
    }

    @Test
    void takesTheUpstreamsPlaceWhereItIsTold() throws Exception {
        Headers upstreams = Headers.of(
                "Referrer-Policy", "unsafe-url",
                "X-Frame-Options", "ALLOWALL",
                "Content-Security-Policy", "default-src 'self'; frame-ancestors *; img-src a.example",
                "X-Other", "kept");

        Response response = answer(Configs.defaults().overriding(), "http", upstreams);

        assertThat(response.headers().all("referrer-policy")).containsExactly("strict-origin-when-cross-origin");
        assertThat(response.headers().all("x-frame-options")).containsExactly("SAMEORIGIN");
        assertThat(response.headers().all("content-security-policy"))
                .containsExactly("default-src 'self'; img-src a.example", "frame-ancestors 'self'");
        assertThat(response.header("x-other")).isEqualTo("kept");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " | ",
            value = {
                "frame-ancestors * | ''",
                "default-src 'self'; Frame-Ancestors a.example | default-src 'self';",
                "frame-ancestors a.example; default-src 'self' | default-src 'self'",
            })
    void takesTheFrameAncestorsOutOfAPolicyOfTheUpstream(String policy, String rest) throws Exception {
        Response response =
                answer(Configs.defaults().overriding(), "http", Headers.of("content-security-policy", policy));

        assertThat(response.headers().all("content-security-policy"))
                .isEqualTo(
                        rest.isEmpty() ? List.of("frame-ancestors 'self'") : List.of(rest, "frame-ancestors 'self'"));
    }

    @Test
    void anOverriddenPolicyGoesWhole() throws Exception {
        Response response = answer(
                Configs.defaults()
                        .with("contentSecurityPolicy", "default-src 'none'")
                        .with("frames", "none")
                        .overriding(),
                "http",
                Headers.of("content-security-policy", "default-src *"));

        assertThat(response.headers().all("content-security-policy"))
                .containsExactly("default-src 'none'", "frame-ancestors 'none'");
    }

    @Test
    void eachCanBeLeftOff() throws Exception {
        Configs off = Configs.defaults()
                .with("hsts", "off")
                .with("frames", "off")
                .with("referrerPolicy", "off")
                .with("permissionsPolicy", "off")
                .sniffing();

        assertThat(answer(off, "https", Headers.of("x-other", "o")).headers().names())
                .containsExactly("x-other");
    }

    @Test
    void isolationIsByChoice() throws Exception {
        Response response = answer(
                Configs.defaults()
                        .with("openerPolicy", "same-origin")
                        .with("embedderPolicy", "require-corp")
                        .with("resourcePolicy", "same-site"),
                "http",
                Headers.empty());

        assertThat(response.header("cross-origin-opener-policy")).isEqualTo("same-origin");
        assertThat(response.header("cross-origin-embedder-policy")).isEqualTo("require-corp");
        assertThat(response.header("cross-origin-resource-policy")).isEqualTo("same-site");
    }

    @Test
    void leavesItsFieldsForTheAnswerToAFailure() {
        FakeExchange exchange = FakeExchange.builder().scheme("https").build();

        assertThatThrownBy(() -> new SecurityHeadersFilter(Configs.defaults().build())
                        .handle(
                                Requests.get("/").exchange(exchange).build(),
                                FakeNext.failing(new IOException("broken"))))
                .isInstanceOf(IOException.class);

        Headers left = exchange.get(Problem.FAILURE_FIELDS);
        assertThat(left).isNotNull();
        assertThat(left.names()).contains("strict-transport-security", "x-content-type-options", "x-frame-options");
    }

    @Test
    void explainsWhatItSets() throws Exception {
        Explanation told = new SecurityHeadersFilter(Configs.defaults().build())
                .explain(Requests.get("/").build());

        assertThat(told).isInstanceOf(Explanation.Passes.class);
        assertThat(told.text()).startsWith("on the response, sets content-security-policy, ");
    }

    private static Response answer(Configs configs, String scheme, Headers upstreams) throws Exception {
        FakeExchange exchange = FakeExchange.builder().scheme(scheme).build();
        return new SecurityHeadersFilter(configs.build())
                .handle(
                        Requests.get("/").exchange(exchange).build(),
                        FakeNext.answering(Response.of(200).withHeaders(upstreams)));
    }

    private static List<String> text(Headers headers) {
        List<String> text = new ArrayList<>();
        headers.forEach(field -> text.add(field.getKey() + ": " + field.getValue()));
        return text;
    }
}
