package dev.sallyport.plugins.cors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sentences in quotes are those of the Fetch standard, section "CORS protocol". */
final class CorsFilterTest {

    private static final String PAGE = "https://app.example.com";

    @Test
    void answersAPreflightWithoutAskingAnybody() throws Exception {
        FakeNext next = FakeNext.ok();

        Response response = answer(
                Configs.of(PAGE),
                preflight("PUT")
                        .header("access-control-request-headers", "content-type,x-key")
                        .build(),
                next);

        assertThat(next.calls()).isZero();
        assertThat(response.status()).isEqualTo(204);
        assertThat(response.header("access-control-allow-origin")).isEqualTo(PAGE);
        assertThat(response.header("access-control-allow-methods")).isEqualTo("GET, HEAD, POST, PUT, PATCH, DELETE");
        assertThat(response.header("access-control-allow-headers")).isEqualTo("content-type,x-key");
        assertThat(response.header("access-control-max-age")).isEqualTo("600");
        assertThat(response.header("access-control-allow-credentials")).isNull();
        assertThat(response.header("access-control-allow-private-network")).isNull();
        assertThat(response.header("vary")).contains("origin");
    }

    @Test
    void tellsTheListsAlsoWhereTheyLackWhatIsAskedFor() throws Exception {
        Response response = answer(
                Configs.of(PAGE).methods("GET").headers("x-key"),
                preflight("DELETE")
                        .header("access-control-request-headers", "x-other")
                        .build(),
                FakeNext.ok());

        assertThat(response.status()).isEqualTo(204);
        assertThat(response.header("access-control-allow-methods")).isEqualTo("GET");
        assertThat(response.header("access-control-allow-headers")).isEqualTo("x-key");
    }

    @Test
    void allMethodsMeansTheOneAskedFor() throws Exception {
        Response response =
                answer(Configs.of(PAGE).methods("*"), preflight("PURGE").build(), FakeNext.ok());

        assertThat(response.header("access-control-allow-methods")).isEqualTo("PURGE");
    }

    @Test
    void refusesThePreflightOfAnotherOrigin() throws Exception {
        FakeExchange exchange = FakeExchange.create();
        Response response = answer(
                Configs.of(PAGE),
                Requests.of("OPTIONS", "/")
                        .header("origin", "https://evil.test")
                        .header("access-control-request-method", "GET")
                        .exchange(exchange)
                        .build(),
                FakeNext.ok());

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.problem()).isNotNull();
        assertThat(response.headers().names()).noneMatch(name -> name.startsWith("access-control-"));
        assertThat(response.header("vary")).contains("origin");
        assertThat(exchange.notes()).containsEntry("refused", "origin");
    }

    @Test
    void passesOnAnOptionsThatIsNoPreflight() throws Exception {
        FakeNext next = FakeNext.ok();

        answer(
                Configs.of(PAGE),
                Requests.of("OPTIONS", "/").header("origin", PAGE).build(),
                next);
        answer(
                Configs.of(PAGE),
                Requests.of("OPTIONS", "/")
                        .header("access-control-request-method", "GET")
                        .build(),
                next);
        answer(
                Configs.of(PAGE),
                Requests.of("POST", "/")
                        .header("origin", PAGE)
                        .header("access-control-request-method", "GET")
                        .build(),
                next);

        assertThat(next.calls()).isEqualTo(3);
    }

    @Test
    void letsThePageReadTheAnswer() throws Exception {
        Response response = answer(
                Configs.of(PAGE).expose("x-total", "etag").withCredentials(),
                Requests.get("/").header("origin", PAGE).build(),
                FakeNext.answering(Response.text(200, "ok").withHeader("x-total", "3")));

        assertThat(response.header("access-control-allow-origin")).isEqualTo(PAGE);
        assertThat(response.header("access-control-allow-credentials")).isEqualTo("true");
        assertThat(response.header("access-control-expose-headers")).isEqualTo("x-total, etag");
        assertThat(response.header("x-total")).isEqualTo("3");
        assertThat(response.headers().all("vary")).containsExactly("origin");
    }

    /** "If `Access-Control-Allow-Origin` is set to `*` […] for a particular resource, then configure the server to always send" it. */
    @Test
    void tellsEverybodyTheSameWhereAllMayCall() throws Exception {
        for (String origin : new String[] {PAGE, "null", ""}) {
            Requests.Builder request = Requests.get("/");
            Response response = answer(
                    Configs.of("*"),
                    (origin.isEmpty() ? request : request.header("origin", origin)).build(),
                    FakeNext.ok());

            assertThat(response.header("access-control-allow-origin")).isEqualTo("*");
            assertThat(response.header("access-control-allow-credentials")).isNull();
            assertThat(response.header("vary")).isNull();
        }
    }

    /** "… `Vary` is to be used […] also for responses to requests that are not CORS requests." */
    @Test
    void variesAlsoWhereNobodyIsAllowed() throws Exception {
        Response without = answer(Configs.of(PAGE), Requests.get("/").build(), FakeNext.ok());
        Response other = answer(
                Configs.of(PAGE),
                Requests.get("/").header("origin", "https://evil.test").build(),
                FakeNext.ok());

        assertThat(without.header("vary")).isEqualTo("origin");
        assertThat(other.header("vary")).isEqualTo("origin");
        assertThat(other.headers().names()).noneMatch(name -> name.startsWith("access-control-"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Origin", "accept-encoding, ORIGIN", "*"})
    void doesNotVaryTwice(String vary) throws Exception {
        Response response = answer(
                Configs.of(PAGE),
                Requests.get("/").header("origin", PAGE).build(),
                FakeNext.answering(Response.of(200).withHeader("vary", vary)));

        assertThat(response.headers().all("vary")).containsExactly(vary);
    }

    @Test
    void keepsWhatElseTheAnswerVariesBy() throws Exception {
        Response response = answer(
                Configs.of(PAGE),
                Requests.get("/").build(),
                FakeNext.answering(Response.of(200).withHeader("vary", "accept-encoding")));

        assertThat(response.headers().all("vary")).containsExactly("accept-encoding", "origin");
    }

    @Test
    void takesThePlaceOfWhatTheUpstreamTold() throws Exception {
        Headers upstreams = Headers.of(
                "Access-Control-Allow-Origin", "*",
                "Access-Control-Allow-Credentials", "true",
                "Access-Control-Expose-Headers", "x-secret",
                "X-Other", "kept");
        for (String origin : new String[] {PAGE, "https://evil.test"}) {
            Response response = answer(
                    Configs.of(PAGE),
                    Requests.get("/").header("origin", origin).build(),
                    FakeNext.answering(Response.of(200).withHeaders(upstreams)));

            assertThat(response.headers().all("access-control-allow-origin"))
                    .isEqualTo(origin.equals(PAGE) ? List.of(PAGE) : List.of());
            assertThat(response.header("access-control-allow-credentials")).isNull();
            assertThat(response.header("access-control-expose-headers")).isNull();
            assertThat(response.header("x-other")).isEqualTo("kept");
        }
    }

    @Test
    void errorAnswersCanBeReadToo() throws Exception {
        FakeExchange exchange = FakeExchange.create();
        Response response = answer(
                Configs.of(PAGE),
                Requests.get("/").header("origin", PAGE).exchange(exchange).build(),
                FakeNext.answering(
                        request -> new Problem(401, "api-key-missing", "An API key is needed").toResponse(request)));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("access-control-allow-origin")).isEqualTo(PAGE);
    }

    @Test
    void leavesItsFieldsForTheAnswerToAFailure() {
        FakeExchange exchange = FakeExchange.create();
        exchange.put(Problem.FAILURE_FIELDS, Headers.of("x-frame-options", "DENY"));

        assertThatThrownBy(() -> answer(
                        Configs.of(PAGE),
                        Requests.get("/")
                                .header("origin", PAGE)
                                .exchange(exchange)
                                .build(),
                        FakeNext.failing(new IOException("broken"))))
                .isInstanceOf(IOException.class);

        Headers left = exchange.get(Problem.FAILURE_FIELDS);
        assertThat(left).isNotNull();
        assertThat(left.get("access-control-allow-origin")).isEqualTo(PAGE);
        assertThat(left.get("vary")).isEqualTo("origin");
        assertThat(left.get("x-frame-options")).isEqualTo("DENY");
    }

    @Test
    void severalOriginsAreNone() throws Exception {
        Response response = answer(
                Configs.of(PAGE),
                Requests.get("/").header("origin", PAGE).header("origin", PAGE).build(),
                FakeNext.ok());

        assertThat(response.header("access-control-allow-origin")).isNull();
    }

    @Test
    void privateNetworksAreReachedByChoiceOnly() throws Exception {
        Requests.Builder asking = preflight("GET").header("access-control-request-private-network", "true");

        assertThat(answer(Configs.of(PAGE).forPrivateNetworks(), asking.build(), FakeNext.ok())
                        .header("access-control-allow-private-network"))
                .isEqualTo("true");
        assertThat(answer(
                                Configs.of(PAGE).forPrivateNetworks(),
                                preflight("GET").build(),
                                FakeNext.ok())
                        .header("access-control-allow-private-network"))
                .isNull();
        assertThat(answer(Configs.of(PAGE), asking.build(), FakeNext.ok())
                        .header("access-control-allow-private-network"))
                .isNull();
    }

    @Test
    void aMaxAgeOfNothingIsTold() throws Exception {
        Response response =
                answer(Configs.of(PAGE).maxAge(Duration.ZERO), preflight("GET").build(), FakeNext.ok());

        assertThat(response.header("access-control-max-age")).isEqualTo("0");
    }

    @Test
    void explainsWhatItDoes() throws Exception {
        CorsFilter filter = new CorsFilter(Configs.of(PAGE).build());

        assertThat(filter.explain(preflight("GET").build())).isEqualTo(new Explanation.Answers(204, ""));
        assertThat(filter.explain(Requests.get("/").header("origin", PAGE).build()))
                .isInstanceOfSatisfying(
                        Explanation.Passes.class,
                        passes -> assertThat(passes.text())
                                .isEqualTo("on the response, sets access-control-allow-origin, vary"));
    }

    private static Requests.Builder preflight(String method) {
        return Requests.of("OPTIONS", "/").header("origin", PAGE).header("access-control-request-method", method);
    }

    private static Response answer(Configs configs, Request request, FakeNext next) throws Exception {
        return new CorsFilter(configs.build()).handle(request, next);
    }
}
