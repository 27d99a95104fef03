package dev.sallyport.plugins.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.LogMask;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.telemetry.TraceContext;
import dev.sallyport.plugins.accesslog.AccessLogConfig.Format;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class WritingTest {

    private final FakeExchange exchange = FakeExchange.builder()
            .id("r-1")
            .route("orders")
            .client("203.0.113.9")
            .consumer(new Consumer("mobile", List.of("partners", "beta"), java.util.Map.of()))
            .build();

    @ParameterizedTest
    @CsvSource({
        "'{client.address} {method} {uri} {completion.status}', '203.0.113.9 GET /orders/7?token=***&a=1 502'",
        "'{completion.outcome} {completion.responseBytes}/{completion.requestBytes} in {completion.millis} ms',"
                + " 'completed 3456/12 in 12.345 ms'",
        "'{consumer} {consumer.groups} {response.status} {response.header.x-a}', 'mobile partners,beta 200 b'",
        "'{query.token} {query.a} {query.none}', '*** 1 -'",
        "'\"{header.user-agent}\" \"{header.referer}\"', '\"x\\x22y\" \"http://a/?token=***\"'",
        "'{{{route}}} {trace.id}', '{orders} 4bf92f3577b34da6a3ce929d0e0e4736'",
    })
    void aTemplateIsFilledWithWhatIsKnownAtTheEnd(String template, String line) {
        assertThat(line(Configs.template(template), request())).isEqualTo(line);
    }

    @Test
    void aTemplateHasDashesWhereTheStepsBehindItFailed() {
        Request request = request();
        Completion completion = completion(502);
        exchange.put(Completion.OF_EXCHANGE, completion);

        assertThat(Writing.of(Configs.template("{response.status} {completion.status}"))
                        .line(new Ended(request, null, completion)))
                .isEqualTo("- 502");
    }

    @Test
    void aClientEndsNeitherAValueNorALineOfATemplate() {
        Request request = Requests.get("/")
                .header("user-agent", "a\" b\té\\ c")
                .exchange(exchange)
                .build();

        assertThat(line(Configs.template("\"{header.user-agent}\""), request))
                .isEqualTo("\"a\\x22 b\\x09\\xC3\\xA9\\x5C c\"");
    }

    @Test
    void fieldsAloneAreTheWholeLineAndNumbersStayNumbers() {
        AccessLogConfig config = Configs.fields(
                new Format.Fields(),
                "status",
                "completion.status",
                "ms",
                "completion.millis",
                "groups",
                "consumer.groups",
                "known",
                "authenticated",
                "agent",
                "header.user-agent",
                "none",
                "header.x-none",
                "at",
                "now");

        assertThat(line(config, request()))
                .isEqualTo("{\"status\":502,\"ms\":12.345,\"groups\":[\"partners\",\"beta\"],\"known\":true,"
                        + "\"agent\":\"x\\\"y\",\"at\":\"2026-01-01T00:00:00Z\"}");
    }

    @Test
    void fieldsStandBesideTheOthersInJsonAndAsLabelsInEcs() {
        JsonNode json = JsonMapper.shared()
                .readTree(line(Configs.fields(new Format.Json(), "a", "query.a", "n", "attempt.number"), request()));
        JsonNode ecs = JsonMapper.shared()
                .readTree(
                        line(Configs.fields(new Format.Ecs(), "a.b", "query.a", "s", "completion.status"), request()));

        assertThat(json.path("status").asInt(0)).isEqualTo(502);
        assertThat(json.path("fields").toString()).isEqualTo("{\"a\":\"1\"}");
        assertThat(ecs.path("http").path("response").path("status_code").asInt(0))
                .isEqualTo(502);
        assertThat(ecs.path("labels").path("a_b").asString("")).isEqualTo("1");
        assertThat(ecs.path("labels").path("s").asString("")).isEqualTo("502");
        assertThat(ecs.path("service").path("name").asString("")).isEqualTo("sallyport");
    }

    @Test
    void whatAnotherStepHidesInLogsIsHiddenInExpressionsToo() {
        exchange.put(LogMask.OF_EXCHANGE, new LogMask() {
            @Override
            public String header(String name, String value) {
                return value.replace("4111", "****");
            }

            @Override
            public String query(String query) {
                return query.replace("4111", "****");
            }

            @Override
            public String path(String path) {
                return path.replace("4111", "****");
            }
        });
        Request request = Requests.get("/cards/4111?n=4111")
                .header("x-card", "4111")
                .header("referer", "http://a/?n=4111")
                .exchange(exchange)
                .build();

        String line = line(
                Configs.template("{uri} {path} {query.n} {header.x-card} {header.referer} {header.x-card.orValue('')}"),
                request);
        String fields = line(Configs.fields(new Format.Fields(), "a", "uri", "b", "header.x-card"), request);

        assertThat(line).doesNotContain("4111").contains("/cards/****?n=****");
        assertThat(fields).doesNotContain("4111");
    }

    @Test
    void whatAnotherStepHidesInLogsIsHiddenInHeadersOfTheResponseToo() {
        exchange.put(LogMask.OF_EXCHANGE, new LogMask() {
            @Override
            public String header(String name, String value) {
                return name.equals("x-card") ? "****" : value;
            }

            @Override
            public String query(String query) {
                return query.replace("4111", "****");
            }

            @Override
            public String path(String path) {
                return path.replace("5105", "****");
            }
        });
        Request request = Requests.get("/")
                .header("referer", "http://a/cards/5105?n=4111")
                .exchange(exchange)
                .build();
        Response response = Response.of(302)
                .withHeader("x-card", "4111")
                .withHeader("location", "https://b/cards/5105?token=s3cret&n=4111#4111");

        assertThat(line(
                        Configs.template("{response.header.x-card} {response.header.Location} {header.referer}"),
                        request,
                        response))
                .isEqualTo("**** https://b/cards/****?token=***&n=**** http://a/cards/****?n=****");
    }

    @Test
    void whatIsHiddenInAWayThatIsNoTargetIsNotWrittenAtAll() {
        exchange.put(LogMask.OF_EXCHANGE, new LogMask() {
            @Override
            public String header(String name, String value) {
                return "a\nb";
            }

            @Override
            public String query(String query) {
                return "a b";
            }

            @Override
            public String path(String path) {
                return path;
            }
        });
        Request request =
                Requests.get("/a?b").header("x-card", "4").exchange(exchange).build();

        assertThat(line(Configs.template("{uri} {header.x-card}"), request)).isEqualTo("/*** ***");
    }

    private Request request() {
        exchange.put(
                TraceContext.OF_EXCHANGE,
                new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true));
        return Requests.get("/orders/7?token=s3cret&a=1")
                .header("User-Agent", "x\"y")
                .header("Referer", "http://a/?token=s3cret")
                .exchange(exchange)
                .build();
    }

    private String line(AccessLogConfig config, Request request) {
        return line(config, request, Response.of(200).withHeader("x-a", "b"));
    }

    private String line(AccessLogConfig config, Request request, @Nullable Response response) {
        Completion completion = completion(502);
        exchange.put(Completion.OF_EXCHANGE, completion);
        return Writing.of(config).line(new Ended(request, response, completion));
    }

    private static Completion completion(int status) {
        return new Completion(status, 12, 3456, Duration.ofNanos(12_345_678), Outcome.COMPLETED, null);
    }
}
