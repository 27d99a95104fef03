package dev.sallyport.plugins.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.plugins.fallback.FallbackConfig.Rule;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import dev.sallyport.testkit.TrackedBody;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class FallbackFilterTest {

    private final FakeContext context = FakeContext.create();
    private final FakeExchange exchange = FakeExchange.create();

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void answersInThePlaceOfAStatus() throws Exception {
        TrackedBody body = TrackedBody.of("a stack trace");

        Response response =
                send(create(Configs.rule(200, "instead")), FakeNext.answering(Response.of(500, Headers.empty(), body)));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body().text(100)).isEqualTo("instead");
        assertThat(body.isClosed()).isTrue();
        assertThat(exchange.notes()).containsEntry("fallback", "in the place of 500");
    }

    @ParameterizedTest
    @CsvSource({"200,200,upstream", "404,404,upstream", "503,200,first", "500,200,second"})
    void takesTheFirstRuleThatFits(int status, int answered, String body) throws Exception {
        Filter filter = create(Configs.forStatus("503", 200, "first"), Configs.forStatus("5xx", 200, "second"));

        Response response = send(filter, FakeNext.answering(Response.text(status, "upstream")));

        assertThat(response.status()).isEqualTo(answered);
        assertThat(response.body().text(100)).isEqualTo(body);
    }

    @Test
    void answersInThePlaceOfAProblemByItsNameOrType() throws Exception {
        Next refusing = request -> new Problem(503, "circuit-open", "Temporarily not available")
                .toResponse(request)
                .withHeader("retry-after", "7");

        Response byName = send(create(Configs.rule(503, "later")), refusing);
        Response byType = send(
                create(new Rule(
                        List.of(),
                        Set.of("urn:sallyport:problem:circuit-open"),
                        Set.of(),
                        new Answer(200, Map.of(), null, Map.of("items", List.of())),
                        null)),
                refusing);

        assertThat(byName.body().text(100)).isEqualTo("later");
        assertThat(byName.header("retry-after")).isEqualTo("7");
        assertThat(byType.body().text(100)).isEqualTo("{\"items\":[]}");
        assertThat(byType.header("retry-after")).isNull();
        assertThat(exchange.notes()).containsEntry("fallback", "in the place of circuit-open");
    }

    @Test
    void takesAProblemForNoAnswerOfTheUpstream() throws Exception {
        Response response = send(
                create(Configs.forStatus("5xx", 200, "instead")),
                request -> new Problem(503, "quota", "Later").toResponse(request));

        assertThat(response.status()).isEqualTo(503);
    }

    @ParameterizedTest
    @EnumSource(UpstreamException.Kind.class)
    void answersInThePlaceOfAFailure(UpstreamException.Kind kind) throws Exception {
        Response response = send(
                create(Configs.rule(200, "instead")), FakeNext.failing(new UpstreamException(kind, "failed", null)));

        assertThat(response.body().text(100)).isEqualTo("instead");
    }

    @Test
    void passesFailuresOnThatItIsNotFor() {
        Filter filter = create(Configs.forStatus("5xx", 200, "instead"));
        UpstreamException failure = new UpstreamException(UpstreamException.Kind.RESET, "reset", null);

        assertThatExceptionOfType(UpstreamException.class)
                .isThrownBy(() -> send(filter, FakeNext.failing(failure)))
                .isSameAs(failure);
    }

    @Test
    void explainsThatItPasses() throws Exception {
        assertThat(create(Configs.rule(200, ""))
                        .explain(Requests.get("/").build())
                        .text())
                .isEqualTo("answers in the place of what fails behind it");
    }

    @Test
    void hasAnotherUpstreamAnswer() throws Exception {
        TrackedBody body = TrackedBody.of("a stack trace");
        FakeNext other = FakeNext.answering(Response.text(200, "of the other"));

        Response response = create(Configs.upstream("other"))
                .handle(
                        request("GET", Body.empty(), other),
                        FakeNext.answering(Response.of(500, Headers.empty(), body)));

        assertThat(response.body().text(100)).isEqualTo("of the other");
        assertThat(body.isClosed()).isTrue();
        assertThat(other.calls()).isEqualTo(1);
    }

    @Test
    void asksTheRulesAfterItWhereTheOtherUpstreamFailsToo() throws Exception {
        FakeNext other = FakeNext.failing(new UpstreamException(UpstreamException.Kind.CONNECT, "failed", null));
        Filter filter =
                create(Configs.forStatus("404", 200, "not this"), Configs.upstream("other"), Configs.rule(200, "last"));

        Response response = filter.handle(request("GET", Body.empty(), other), FakeNext.answering(Response.of(500)));

        assertThat(response.body().text(100)).isEqualTo("last");
    }

    /** Of what an upstream may have seen only that is sent again which may be repeated; and what can be. */
    @ParameterizedTest
    @CsvSource({
        "GET,  RESPONSE_TIMEOUT, '',         true",
        "PUT,  RESPONSE_TIMEOUT, short,      true",
        "PUT,  RESPONSE_TIMEOUT, is-too-long, false",
        "POST, RESPONSE_TIMEOUT, short,      false",
        "POST, RESET,            '',         false",
        "POST, CONNECT,          short,      true",
        "POST, NO_TARGET,        '',         true",
        "POST, CONNECT,          is-too-long, false"
    })
    void sendsOnlyWhatMayBeSentAgain(String method, UpstreamException.Kind kind, String body, boolean sends)
            throws Exception {
        FakeNext other = FakeNext.ok();
        Request request = request(
                method, Body.of(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), body.length()), other);
        Next failing = passed -> {
            passed.body().close();
            throw new UpstreamException(kind, "failed", null);
        };

        Response response =
                create(Configs.upstream("other"), Configs.rule(503, "no")).handle(request, failing);

        assertThat(response.status()).isEqualTo(sends ? 200 : 503);
        assertThat(other.calls()).isEqualTo(sends ? 1 : 0);
    }

    @Test
    void aMonitoredStepSendsNothing() throws Exception {
        FakeNext other = FakeNext.ok();
        try (FakeContext monitored = FakeContext.builder().monitored().build()) {
            Response response = monitored
                    .create(new FallbackFactory(), Configs.of(Configs.upstream("other")))
                    .handle(request("GET", Body.empty(), other), FakeNext.answering(Response.of(500)));

            assertThat(response.status()).isEqualTo(500);
        }
        assertThat(other.calls()).isZero();
    }

    private static Request request(String method, Body body, Next other) {
        FakeExchange tried = FakeExchange.builder()
                .upstream("other", other)
                .attempt(new Attempt(1, "orders", URI.create("http://127.0.0.1:9001")))
                .build();
        return Requests.of(method, "/").body(body).exchange(tried).build();
    }

    private Filter create(Rule... rules) {
        return context.create(new FallbackFactory(), Configs.of(rules));
    }

    private Response send(Filter filter, Next next) throws Exception {
        return filter.handle(Requests.get("/").exchange(exchange).build(), next);
    }
}
