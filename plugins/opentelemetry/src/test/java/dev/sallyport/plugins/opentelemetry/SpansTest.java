package dev.sallyport.plugins.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Headers;
import dev.sallyport.api.LogMask;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.api.UpstreamException.Kind;
import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.api.telemetry.ExchangeObserver.Verdict;
import dev.sallyport.api.telemetry.StepInfo;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is told of an exchange, judged by the published conventions. */
final class SpansTest {

    private static final StepInfo STEP = new StepInfo("orders", "limit", "rate-limit", "0.1.0");

    private static Map<String, Object> attributes(Span span) {
        Conventions.assertKeeps(span);
        return OtlpReceiver.attributes(span.getAttributesList());
    }

    private static Span client(List<Span> spans) {
        return spans.stream()
                .filter(span -> span.getKind() == SpanKind.SPAN_KIND_CLIENT)
                .findFirst()
                .orElseThrow();
    }

    private static FakeExchange.Builder exchange() {
        return FakeExchange.builder()
                .route("orders")
                .matchedPath("/orders/{id}")
                .client("203.0.113.9")
                .peer("10.0.0.1");
    }

    @Test
    void theFactsAreThoseThatArePublished() {
        Conventions.assertFactsArePublished();
    }

    @Test
    void theServersSpanTellsTheRequest() {
        try (Run run = new Run(configs -> {})) {
            Request request = Requests.get("/orders/7?x=1&token=s3cret&ticket=t")
                    .exchange(exchange().scheme("https").protocol("HTTP/2").build())
                    .header("host", "api.example.com:8443")
                    .header("user-agent", "curl/8")
                    .header("authorization", "Bearer s3cret")
                    .build();
            run.pass(request, 200);
            Span span = run.server();
            assertThat(span.getName()).isEqualTo("GET /orders/{id}");
            assertThat(span.getParentSpanId().isEmpty()).isTrue();
            assertThat(span.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
            assertThat(span.getEndTimeUnixNano() - span.getStartTimeUnixNano()).isEqualTo(5_000_000);
            assertThat(attributes(span))
                    .containsEntry("http.request.method", "GET")
                    .containsEntry("url.scheme", "https")
                    .containsEntry("url.path", "/orders/7")
                    .containsEntry("url.query", "x=1&token=REDACTED&ticket=REDACTED")
                    .containsEntry("http.route", "/orders/{id}")
                    .containsEntry("http.response.status_code", 200L)
                    .containsEntry("server.address", "api.example.com")
                    .containsEntry("server.port", 8443L)
                    .containsEntry("client.address", "203.0.113.9")
                    .containsEntry("network.peer.address", "10.0.0.1")
                    .containsEntry("network.peer.port", 40_000L)
                    .containsEntry("network.protocol.version", "2")
                    .containsEntry("user_agent.original", "curl/8")
                    .containsEntry("sallyport.route", "orders")
                    .containsEntry("sallyport.request.id", "exchange-1")
                    .doesNotContainKeys("error.type", "http.request.header.authorization");
            assertThat(run.receiver.spans.toString()).doesNotContain("s3cret");
        }
    }

    @Test
    void anUnknownMethodIsOther() {
        try (Run run = new Run(configs -> {})) {
            run.pass(Requests.of("BREW", "/pot").exchange(exchange().build()).build(), 200);
            Span span = run.server();
            assertThat(span.getName()).isEqualTo("HTTP /orders/{id}");
            assertThat(attributes(span))
                    .containsEntry("http.request.method", "_OTHER")
                    .containsEntry("http.request.method_original", "BREW");
        }
    }

    @Test
    void withoutARouteTheMethodIsTheName() {
        try (Run run = new Run(configs -> {})) {
            run.pass(
                    Requests.get("/nothing/here")
                            .exchange(FakeExchange.builder().route(null).build())
                            .build(),
                    404);
            Span span = run.server();
            assertThat(span.getName()).isEqualTo("GET");
            assertThat(attributes(span)).doesNotContainKey("http.route");
        }
    }

    @Test
    void a4xxIsTheClientsErrorAndNotTheServers() {
        try (Run run = new Run(configs -> {})) {
            run.pass(Run.stranger(), 404);
            List<Span> spans = run.spans(2);
            assertThat(run.server().getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
            assertThat(attributes(run.server())).doesNotContainKey("error.type");
            assertThat(client(spans).getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
            assertThat(attributes(client(spans))).containsEntry("error.type", "404");
        }
    }

    @Test
    void a5xxIsAnErrorOfBoth() {
        try (Run run = new Run(configs -> {})) {
            run.pass(Run.stranger(), 503);
            List<Span> spans = run.spans(2);
            assertThat(spans).allSatisfy(span -> {
                assertThat(span.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
                assertThat(span.getStatus().getMessage()).isEmpty();
                assertThat(attributes(span)).containsEntry("error.type", "503");
            });
        }
    }

    @Test
    void aClientThatLeavesIsToldAndIsNoErrorOfTheGateway() {
        try (Run run = new Run(configs -> {})) {
            run.pass(
                    Run.stranger(),
                    200,
                    new Completion(499, 0, 0, Duration.ofMillis(3), Outcome.CLIENT_GONE, "the client closed"));
            assertThat(run.server().getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
            assertThat(attributes(run.server()))
                    .containsEntry("error.type", "client_gone")
                    .doesNotContainKey("http.response.status_code");
        }
    }

    @Test
    void aResponseThatBreaksOffIsAnError() {
        try (Run run = new Run(configs -> {})) {
            run.pass(
                    Run.stranger(),
                    200,
                    new Completion(200, 0, 5, Duration.ofMillis(3), Outcome.FAILED, "the upstream broke"));
            assertThat(run.server().getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
            assertThat(run.server().getStatus().getMessage()).isEqualTo("the upstream broke");
            assertThat(attributes(run.server())).containsEntry("error.type", "broken_off");
        }
    }

    @Test
    void eachAttemptIsASpanUnderTheServers() {
        try (Run run = new Run(configs -> {})) {
            Request request = Run.stranger();
            ExchangeObserver observer = run.exporter.begins(request);
            observer.attemptBegins(Run.attempt(1), request);
            observer.attemptEnded(
                    Run.attempt(1), 0, new UpstreamException(Kind.CONNECT, "orders refused the connection", null));
            Request sent = observer.attemptBegins(Run.attempt(2), request);
            observer.attemptEnded(Run.attempt(2), 200, null);
            observer.ended(Run.completed(200));
            List<Span> spans = run.spans(3);
            Span first = spans.get(1);
            Span second = spans.get(2);
            assertThat(List.of(first, second)).allSatisfy(span -> {
                assertThat(span.getParentSpanId()).isEqualTo(run.server().getSpanId());
                assertThat(span.getTraceId()).isEqualTo(run.server().getTraceId());
                assertThat(span.getName()).isEqualTo("GET");
                assertThat(attributes(span))
                        .containsEntry("url.full", "http://127.0.0.1:9001/orders/7?x=1")
                        .containsEntry("server.address", "127.0.0.1")
                        .containsEntry("server.port", 9001L)
                        .containsEntry("sallyport.upstream", "orders");
            });
            assertThat(first.getStatus().getMessage()).isEqualTo("orders refused the connection");
            assertThat(attributes(first))
                    .containsEntry("error.type", "connect")
                    .doesNotContainKeys("http.request.resend_count", "http.response.status_code");
            assertThat(attributes(second)).containsEntry("http.request.resend_count", 1L);
            assertThat(sent.header("traceparent")).contains(OtlpReceiver.hex(second.getSpanId()));
        }
    }

    @Test
    void aTargetThatIsASecretIsToldByItsReference() {
        try (Run run = new Run(configs -> {})) {
            Request request = Run.stranger();
            ExchangeObserver observer = run.exporter.begins(request);
            Attempt attempt =
                    new Attempt(1, "orders", URI.create("http://10.9.9.9:9001"), "http://${env:ORDERS_HOST}:9001");
            observer.attemptBegins(attempt, request);
            observer.attemptEnded(attempt, 200, null);
            observer.ended(Run.completed(200));
            assertThat(attributes(client(run.spans(2))))
                    .containsEntry("url.full", "http://${env:ORDERS_HOST}:9001/orders/7?x=1");
            assertThat(run.receiver.spans.toString()).doesNotContain("10.9.9.9");
        }
    }

    @Test
    void stepsAreSpansThatNest() {
        try (Run run = new Run(configs -> configs.steps = true)) {
            Request request = Run.stranger();
            ExchangeObserver observer = run.exporter.begins(request);
            assertThat(observer.observesSteps()).isTrue();
            StepInfo breaker = new StepInfo("upstream:orders", "breaker", "circuit-breaker", null);
            observer.stepEntered(STEP);
            observer.noted("remaining", 7);
            observer.noted("by", "client");
            observer.attemptBegins(Run.attempt(1), request);
            observer.stepEntered(breaker);
            observer.stepLeft(breaker, Verdict.FAILED, new IllegalStateException("a secret"), 1_000);
            observer.attemptEnded(Run.attempt(1), 0, new IllegalStateException("a secret"));
            observer.stepLeft(STEP, Verdict.PASSED_ON, new IllegalStateException("a secret"), 2_500_000);
            observer.ended(Run.completed(500));
            List<Span> spans = run.spans(4);
            Span limit = spans.get(1);
            Span attempt = spans.get(2);
            Span inner = spans.get(3);
            assertThat(limit.getName()).isEqualTo("step limit");
            assertThat(limit.getKind()).isEqualTo(SpanKind.SPAN_KIND_INTERNAL);
            assertThat(limit.getParentSpanId()).isEqualTo(run.server().getSpanId());
            assertThat(attempt.getParentSpanId()).isEqualTo(limit.getSpanId());
            assertThat(inner.getParentSpanId()).isEqualTo(attempt.getSpanId());
            assertThat(OtlpReceiver.attributes(limit.getAttributesList()))
                    .containsEntry("sallyport.step.place", "orders")
                    .containsEntry("sallyport.step.id", "limit")
                    .containsEntry("sallyport.step.type", "rate-limit")
                    .containsEntry("sallyport.step.version", "0.1.0")
                    .containsEntry("sallyport.step.verdict", "passed_on")
                    .containsEntry("sallyport.step.self_duration", 0.0025)
                    .containsEntry("sallyport.note.remaining", 7L)
                    .containsEntry("sallyport.note.by", "client")
                    .containsEntry("error.type", "java.lang.IllegalStateException");
            assertThat(inner.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
            assertThat(run.receiver.spans.toString()).doesNotContain("a secret");
        }
    }

    @Test
    void headerFieldsAreToldWhereTheyAreListedAndSecretsNeverAre() {
        try (Run run = new Run(configs -> {
            configs.requestHeaders = List.of("X-Tenant", "cookie", "x-none");
            configs.responseHeaders = List.of("content-type");
        })) {
            Request request = Run.stranger("x-tenant", "a", "x-tenant", "b", "cookie", "sid=s3cret");
            ExchangeObserver observer = run.exporter.begins(request);
            observer.answered(Response.json(200, "{}"));
            observer.ended(Run.completed(200));
            assertThat(attributes(run.server()))
                    .containsEntry("http.request.header.x-tenant", List.of("a", "b"))
                    .containsEntry("http.request.header.cookie", List.of("REDACTED"))
                    .containsEntry("http.response.header.content-type", List.of("application/json"))
                    .doesNotContainKey("http.request.header.x-none");
        }
    }

    @Test
    void whatAStepHidesInLogsIsHiddenHereToo() {
        try (Run run = new Run(configs -> configs.requestHeaders = List.of("x-tenant"))) {
            FakeExchange exchange = exchange().build();
            exchange.put(LogMask.OF_EXCHANGE, new LogMask() {
                @Override
                public String header(String name, String value) {
                    return "*";
                }

                @Override
                public String query(String query) {
                    return "q";
                }

                @Override
                public String path(String path) {
                    return "/p";
                }
            });
            run.pass(Run.request(exchange, "x-tenant", "a"), 200);
            List<Span> spans = run.spans(2);
            assertThat(attributes(run.server()))
                    .containsEntry("url.path", "/p")
                    .containsEntry("url.query", "q")
                    .containsEntry("http.request.header.x-tenant", List.of("*"));
            assertThat(attributes(client(spans))).containsEntry("url.full", "http://127.0.0.1:9001/p?q");
        }
    }

    @Test
    void theCallerIsTold() {
        try (Run run = new Run(configs -> {})) {
            FakeExchange exchange = exchange().consumer(new Consumer("mobile")).build();
            run.pass(Run.request(exchange), 200);
            assertThat(attributes(run.server())).containsEntry("sallyport.consumer", "mobile");
        }
    }

    @Test
    void anIpv6HostIsToldWithoutBrackets() {
        try (Run run = new Run(configs -> {})) {
            run.pass(Requests.get("/").header("host", "[2001:db8::1]:8080").build(), 200);
            assertThat(attributes(run.server()))
                    .containsEntry("server.address", "2001:db8::1")
                    .containsEntry("server.port", 8080L);
        }
    }

    @Test
    void thePartsOfAnExchangeAreBounded() {
        try (Run run = new Run(configs -> {
            configs.steps = true;
            configs.spans = 4;
        })) {
            Request request = Run.stranger();
            ExchangeObserver observer = run.exporter.begins(request);
            for (int i = 0; i < 10; i++) {
                observer.stepEntered(STEP);
                observer.stepLeft(STEP, Verdict.PASSED, null, 1);
            }
            observer.ended(Run.completed(200));
            assertThat(run.spans(4)).hasSize(4);
            assertThat(run.dropped("too-many")).isEqualTo(7);
        }
    }

    @Test
    void textsAreBounded() {
        try (Run run = new Run(configs -> configs.requestHeaders = List.of("x-long"))) {
            String text = "a".repeat(10_000);
            run.pass(
                    Requests.get("/" + text + "?" + text)
                            .header("x-long", text)
                            .header("user-agent", text)
                            .build(),
                    200);
            assertThat(run.server().getSerializedSize()).isLessThan(5 * Redaction.LONGEST);
        }
    }

    @Test
    void theGatewayTellsWhoItIs() {
        try (Run run = new Run(
                configs -> configs.resource = Map.of("service.name", "edge", "deployment.environment.name", "test"))) {
            run.pass(Run.stranger(), 200);
            run.spans(2);
            Map<String, Object> resource =
                    OtlpReceiver.attributes(run.receiver.resources.getFirst().getAttributesList());
            assertThat(resource)
                    .containsEntry("service.name", "edge")
                    .containsEntry("deployment.environment.name", "test")
                    .containsEntry("telemetry.sdk.language", "java")
                    .containsKey("service.instance.id");
            assertThat(run.receiver.scopes).contains("dev.sallyport");
        }
    }

    @Test
    void headersOfTheResponseAreNotKeptWhereNoneAreTold() {
        try (Run run = new Run(configs -> {})) {
            Request request = Run.stranger();
            ExchangeObserver observer = run.exporter.begins(request);
            observer.answered(Response.of(200, Headers.of("x-a", "b"), dev.sallyport.api.Body.empty()));
            observer.ended(Run.completed(200));
            assertThat(attributes(run.server())).doesNotContainKey("http.response.header.x-a");
        }
    }

    @Test
    void aRouteThatMatchesByNoPathIsNoTemplate() {
        try (Run run = new Run(configs -> {})) {
            run.pass(
                    Requests.get("/orders/7")
                            .exchange(FakeExchange.builder().route("orders").build())
                            .build(),
                    200);
            Span span = run.server();
            assertThat(span.getName()).isEqualTo("GET");
            assertThat(attributes(span)).doesNotContainKey("http.route").containsEntry("sallyport.route", "orders");
        }
    }

    @Test
    void anAttemptThatNeverLeftIsNoResend() {
        try (Run run = new Run(configs -> {})) {
            Request request = Run.stranger();
            ExchangeObserver observer = run.exporter.begins(request);
            observer.attemptBegins(Run.attempt(1), request);
            observer.attemptEnded(Run.attempt(1), 0, new IllegalStateException("a step refused it"));
            observer.attemptBegins(Run.attempt(2), request);
            observer.attemptEnded(Run.attempt(2), 503, null);
            observer.attemptBegins(Run.attempt(3), request);
            observer.attemptEnded(Run.attempt(3), 200, null);
            observer.ended(Run.completed(200));
            List<Span> spans = run.spans(4);
            assertThat(attributes(spans.get(2))).doesNotContainKey("http.request.resend_count");
            assertThat(attributes(spans.get(3))).containsEntry("http.request.resend_count", 1L);
        }
    }

    @Test
    void aHostIsNotToldAtAnyLength() {
        try (Run run = new Run(configs -> {})) {
            run.pass(Run.stranger("host", "h".repeat(10_000) + ":80"), 200);
            assertThat(attributes(run.server()).get("server.address").toString())
                    .hasSize(2_048);
        }
    }
}
