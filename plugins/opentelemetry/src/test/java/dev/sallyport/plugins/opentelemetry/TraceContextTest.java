package dev.sallyport.plugins.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.TraceContext;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Inbound;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Propagation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What goes on of what came, by the recommendation (https://www.w3.org/TR/trace-context/); the cases are those of its own test
 * suite (https://github.com/w3c/trace-context/tree/main/test) at its strictest level.
 */
final class TraceContextTest {

    private static final String TRACE = "12345678901234567890123456789012";
    private static final String SPAN = "1234567890123456";
    private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";
    private static final String UNSAMPLED = "00-" + TRACE + "-" + SPAN + "-00";

    private static Headers pass(String... fields) {
        try (Run run = new Run(configs -> {})) {
            return run.pass(Run.trusted(fields), 200).headers();
        }
    }

    private static void assertGoesOn(String... fields) {
        Headers sent = pass(fields);
        assertThat(sent.all("traceparent")).hasSize(1);
        assertThat(sent.get("traceparent"))
                .matches("00-" + TRACE + "-[0-9a-f]{16}-0[01]")
                .doesNotContain("-" + SPAN + "-");
    }

    private static void assertBeginsAnew(String... fields) {
        Headers sent = pass(fields);
        assertThat(sent.all("traceparent")).hasSize(1);
        assertThat(sent.get("traceparent"))
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01")
                .doesNotContain(TRACE.substring(1, 31), "0".repeat(32));
    }

    @Test
    void beginsATraceWhereNoneCame() {
        assertBeginsAnew();
    }

    @Test
    void goesOnWithATraceAsAnotherSpan() {
        assertGoesOn("traceparent", PARENT);
        assertGoesOn("TraceParent", PARENT);
        assertGoesOn("TRACEPARENT", PARENT);
    }

    @Test
    void twoParentsAreNone() {
        assertBeginsAnew("traceparent", PARENT, "traceparent", "00-" + TRACE + "-1234567890123457-01");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trace-parent", "trace.parent"})
    void fieldsOfOtherNamesAreNone(String name) {
        assertBeginsAnew(name, PARENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-12345678901234567890123456789012-1234567890123456-01.",
                "00-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like",
                "cc-12345678901234567890123456789012-1234567890123456-01.what-the-future-will-be-like",
                "ff-12345678901234567890123456789012-1234567890123456-01",
                ".0-12345678901234567890123456789012-1234567890123456-01",
                "0.-12345678901234567890123456789012-1234567890123456-01",
                "000-12345678901234567890123456789012-1234567890123456-01",
                "0000-12345678901234567890123456789012-1234567890123456-01",
                "0-12345678901234567890123456789012-1234567890123456-01",
                "00-00000000000000000000000000000000-1234567890123456-01",
                "00-.2345678901234567890123456789012-1234567890123456-01",
                "00-1234567890123456789012345678901.-1234567890123456-01",
                "00-123456789012345678901234567890123-1234567890123456-01",
                "00-1234567890123456789012345678901-1234567890123456-01",
                "00-1234567890123456789012345678901A-1234567890123456-01",
                "00-12345678901234567890123456789012-0000000000000000-01",
                "00-12345678901234567890123456789012-.234567890123456-01",
                "00-12345678901234567890123456789012-123456789012345.-01",
                "00-12345678901234567890123456789012-12345678901234567-01",
                "00-12345678901234567890123456789012-123456789012345-01",
                "00-12345678901234567890123456789012-1234567890123456-.0",
                "00-12345678901234567890123456789012-1234567890123456-0.",
                "00-12345678901234567890123456789012-1234567890123456-001",
                "00-12345678901234567890123456789012-1234567890123456-1",
                "",
                "00"
            })
    void aMalformedParentBeginsATraceAnew(String parent) {
        assertBeginsAnew("traceparent", parent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cc-12345678901234567890123456789012-1234567890123456-01",
                "cc-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like",
                " 00-12345678901234567890123456789012-1234567890123456-01",
                "\t00-12345678901234567890123456789012-1234567890123456-01",
                "00-12345678901234567890123456789012-1234567890123456-01 ",
                "\t 00-12345678901234567890123456789012-1234567890123456-01 \t"
            })
    void laterVersionsAndSpaceAroundAreRead(String parent) {
        assertGoesOn("traceparent", parent);
    }

    @Test
    void stateWithoutAParentIsDropped() {
        assertThat(pass("tracestate", "foo=1,bar=2").has("tracestate")).isFalse();
    }

    private static String state(String... states) {
        List<String> fields = new ArrayList<>(List.of("traceparent", UNSAMPLED));
        for (String state : states) {
            fields.add("tracestate");
            fields.add(state);
        }
        Headers sent = pass(fields.toArray(String[]::new));
        assertThat(sent.get("traceparent")).contains(TRACE);
        assertThat(sent.all("tracestate")).hasSizeLessThan(2);
        return sent.get("tracestate", "");
    }

    @Test
    void stateGoesOnInItsOrder() {
        assertThat(state("foo=1,bar=2")).isEqualTo("foo=1,bar=2");
        assertThat(state("foo=1,bar=2", "rojo=1,congo=2", "baz=3")).isEqualTo("foo=1,bar=2,rojo=1,congo=2,baz=3");
        assertThat(state("foo=1", "")).isEqualTo("foo=1");
        assertThat(state("", "foo=1")).isEqualTo("foo=1");
        assertThat(state("")).isEmpty();
        assertThat(state("foo=1 \t , \t bar=2, \t baz=3")).isEqualTo("foo=1,bar=2,baz=3");
        assertThat(state("\t foo=1 \t")).isEqualTo("foo=1");
    }

    @Test
    void stateMayHaveAllCharactersThatAreAllowed() {
        String key = "abcdefghijklmnopqrstuvwxyz0123456789_-*/";
        String value = IntStream.rangeClosed(0x20, 0x7e)
                .filter(c -> c != ',' && c != '=')
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        assertThat(state(key + "=" + value)).isEqualTo(key + "=" + value);
        assertThat(state(key + "@a-z0-9_-*/" + "=" + value)).isEqualTo(key + "@a-z0-9_-*/" + "=" + value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "foo=1,foo=1",
                "foo=1,foo=2",
                "foo =1",
                "FOO=1",
                "foo.bar=1",
                "foo@=1,bar=2",
                "@foo=1,bar=2",
                "foo@@bar=1,bar=2",
                "foo@bar@baz=1,bar=2",
                "foo=bar=baz",
                "foo=,bar=3"
            })
    void malformedStateIsDropped(String state) {
        assertThat(state(state)).isEmpty();
    }

    @Test
    void theSameKeyInTwoFieldsIsMalformed() {
        assertThat(state("foo=1", "foo=1")).isEmpty();
        assertThat(state("foo=1", "foo=2")).isEmpty();
    }

    @Test
    void stateIsBounded() {
        List<String> members = IntStream.rangeClosed(1, 33)
                .mapToObj(i -> "bar%02d=%02d".formatted(i, i))
                .toList();
        String most = String.join(",", members.subList(0, 32));
        assertThat(state(most)).isEqualTo(most);
        assertThat(state(most, members.get(32))).isEmpty();
        assertThat(state("foo=1", "z".repeat(256) + "=1")).contains("foo=1");
        assertThat(state("foo=1", "z".repeat(257) + "=1")).isEmpty();
        assertThat(state("foo=1", "t".repeat(241) + "@" + "v".repeat(14) + "=1"))
                .contains("foo=1");
        assertThat(state("foo=1", "t".repeat(242) + "@v=1")).isEmpty();
        assertThat(state("foo=1", "t@" + "v".repeat(15) + "=1")).isEmpty();
    }

    @Test
    void eachAttemptIsAnotherSpanOfTheSameTrace() {
        try (Run run = new Run(configs -> {})) {
            Request request = Run.trusted("traceparent", PARENT);
            var observer = run.exporter.begins(request);
            Request first = observer.attemptBegins(Run.attempt(1), request);
            observer.attemptEnded(Run.attempt(1), 503, null);
            Request second = observer.attemptBegins(Run.attempt(2), request);
            observer.attemptEnded(Run.attempt(2), 200, null);
            observer.ended(Run.completed(200));
            assertThat(first.header("traceparent")).isNotEqualTo(second.header("traceparent"));
            assertThat(List.of(first, second))
                    .allSatisfy(sent -> assertThat(sent.header("traceparent")).contains(TRACE));
        }
    }

    @Test
    void anUnsampledTraceGoesOnWithFlag00() {
        assertThat(pass("traceparent", UNSAMPLED).get("traceparent")).endsWith("-00");
    }

    @Test
    void ofTheFlagsThatAreKnownGoOn() {
        assertThat(pass("traceparent", "00-" + TRACE + "-" + SPAN + "-03").get("traceparent"))
                .endsWith("-03");
        assertThat(pass("traceparent", "00-" + TRACE + "-" + SPAN + "-fd").get("traceparent"))
                .endsWith("-01");
    }

    @Test
    void strangersDecideNothing() {
        try (Run run = new Run(configs -> configs.ratio = 0)) {
            Headers sent = run.pass(
                            Run.stranger(
                                    "traceparent",
                                    PARENT,
                                    "tracestate",
                                    "foo=1",
                                    "baggage",
                                    "admin=true",
                                    "b3",
                                    TRACE + "-" + SPAN + "-1",
                                    "X-B3-TraceId",
                                    TRACE,
                                    "x-request-tag",
                                    "kept"),
                            200)
                    .headers();
            assertThat(sent.get("traceparent")).doesNotContain(TRACE).endsWith("-00");
            assertThat(sent.names()).containsExactlyInAnyOrder("host", "traceparent", "x-request-tag");
        }
    }

    @Test
    void anybodyMayCarryOnATraceWhereTheConfigurationSaysSo() {
        try (Run run = new Run(configs -> configs.inbound = Inbound.ALWAYS)) {
            assertThat(run.pass(Run.stranger("traceparent", PARENT), 200).header("traceparent"))
                    .contains(TRACE);
        }
    }

    @Test
    void nobodyDoesWhereItSaysThat() {
        try (Run run = new Run(configs -> configs.inbound = Inbound.NEVER)) {
            assertThat(run.pass(Run.trusted("traceparent", PARENT), 200).header("traceparent"))
                    .doesNotContain(TRACE);
        }
    }

    @Test
    void baggageGoesOnAsItCame() {
        assertThat(pass("baggage", "user=7;meta=x,tenant=a%20b").all("baggage"))
                .containsExactly("user=7;meta=x,tenant=a%20b");
    }

    @Test
    void baggageGoesNoFurtherWhereItIsNotWanted() {
        try (Run run = new Run(configs -> configs.propagation = List.of(Propagation.TRACECONTEXT))) {
            assertThat(run.pass(Run.trusted("baggage", "user=7"), 200).headers().has("baggage"))
                    .isFalse();
        }
    }

    @Test
    void b3ComesAndGoesInOneField() {
        try (Run run = new Run(configs -> configs.propagation = List.of(Propagation.B3))) {
            Headers sent =
                    run.pass(Run.trusted("b3", TRACE + "-" + SPAN + "-0"), 200).headers();
            assertThat(sent.get("b3")).matches(TRACE + "-[0-9a-f]{16}-0").doesNotContain("-" + SPAN + "-");
            assertThat(sent.has("traceparent")).isFalse();
        }
    }

    @Test
    void b3ComesAndGoesInSeveralFields() {
        try (Run run = new Run(configs -> configs.propagation = List.of(Propagation.B3_MULTI))) {
            Headers sent = run.pass(Run.trusted("X-B3-TraceId", TRACE, "X-B3-SpanId", SPAN, "X-B3-Sampled", "1"), 200)
                    .headers();
            assertThat(sent.all("x-b3-traceid")).containsExactly(TRACE);
            assertThat(sent.all("x-b3-spanid")).hasSize(1).doesNotContain("-" + SPAN + "-");
            assertThat(sent.all("x-b3-sampled")).containsExactly("1");
        }
    }

    @Test
    void allFormsAreWrittenAndTheFirstThatSaysSomethingIsRead() {
        try (Run run = new Run(configs -> configs.propagation = List.of(Propagation.TRACECONTEXT, Propagation.B3))) {
            Headers sent =
                    run.pass(Run.trusted("b3", TRACE + "-" + SPAN + "-1"), 200).headers();
            assertThat(sent.get("traceparent")).contains(TRACE);
            assertThat(sent.get("b3")).contains(TRACE);
        }
    }

    @Test
    void theExchangeKnowsWhereItStands() {
        try (Run run = new Run(configs -> {})) {
            Request request = Run.trusted("traceparent", PARENT);
            run.pass(request, 200);
            TraceContext left = request.exchange().get(TraceContext.OF_EXCHANGE);
            assertThat(left.traceId()).isEqualTo(TRACE);
            assertThat(left.sampled()).isTrue();
            assertThat(OtlpReceiver.hex(run.server().getSpanId())).isEqualTo(left.spanId());
        }
    }

    @Test
    void ofTwoThatTraceTheFirstDoes() {
        try (Run run = new Run(configs -> configs.signals = java.util.EnumSet.of(OpenTelemetryConfig.Signal.TRACES))) {
            Request request = Run.stranger();
            TraceContext other = new TraceContext(TRACE, SPAN, true);
            request.exchange().put(TraceContext.OF_EXCHANGE, other);
            assertThat(run.exporter.begins(request)).isNull();
            assertThat(request.exchange().get(TraceContext.OF_EXCHANGE)).isEqualTo(other);
        }
    }

    @Test
    void copiesThatStepsMakeAreInTheServersSpan() {
        try (Run run = new Run(configs -> {})) {
            Request request = Run.trusted("traceparent", PARENT, "tracestate", "foo=1", "baggage", "user=7");
            Headers copied = run.exporter.begins(request).received(request).headers();
            TraceContext own = request.exchange().get(TraceContext.OF_EXCHANGE);
            assertThat(copied.all("traceparent")).containsExactly("00-" + TRACE + "-" + own.spanId() + "-01");
            assertThat(copied.get("tracestate")).isEqualTo("foo=1");
            assertThat(copied.get("baggage")).isEqualTo("user=7");
        }
    }

    @Test
    void copiesCarryNothingOfAStrangersTrace() {
        try (Run run = new Run(configs -> {})) {
            Request request = Run.stranger(
                    "traceparent", PARENT, "tracestate", "foo=1", "baggage", "admin=true", "X-B3-Sampled", "1");
            Headers copied = run.exporter.begins(request).received(request).headers();
            TraceContext own = request.exchange().get(TraceContext.OF_EXCHANGE);
            assertThat(copied.names()).containsExactlyInAnyOrder("host", "traceparent");
            assertThat(copied.get("traceparent")).contains(own.traceId(), own.spanId());
        }
    }

    @Test
    void whatStepsSetGoesOnThoughAStrangersDoesNot() {
        try (Run run = new Run(configs -> {})) {
            Request request = Run.stranger("baggage", "admin=true");
            var observer = run.exporter.begins(request);
            Request received = observer.received(request).withHeader("baggage", "by=gateway");
            assertThat(observer.attemptBegins(Run.attempt(1), received)
                            .headers()
                            .all("baggage"))
                    .containsExactly("by=gateway");
        }
    }
}
