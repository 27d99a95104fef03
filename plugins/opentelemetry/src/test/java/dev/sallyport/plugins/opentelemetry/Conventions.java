package dev.sallyport.plugins.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.semconv.ClientAttributes;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.JvmAttributes;
import io.opentelemetry.semconv.NetworkAttributes;
import io.opentelemetry.semconv.ServerAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import io.opentelemetry.semconv.UserAgentAttributes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The semantic conventions: a list of facts in {@code semconv/http.tsv}, whose names and types are those of the constants that
 * the conventions publish for Java.
 */
final class Conventions {

    private static final Map<String, AttributeType> PUBLISHED = published();
    private static final List<String[]> FACTS = facts();

    private Conventions() {}

    private static Map<String, AttributeType> published() {
        Map<String, AttributeType> all = new HashMap<>();
        Stream.of(
                        HttpAttributes.class,
                        UrlAttributes.class,
                        ServerAttributes.class,
                        ClientAttributes.class,
                        NetworkAttributes.class,
                        ErrorAttributes.class,
                        UserAgentAttributes.class,
                        JvmAttributes.class)
                .flatMap(each -> Arrays.stream(each.getFields()))
                .forEach(field -> {
                    if (constant(field) instanceof AttributeKey<?> key) {
                        all.put(key.getKey(), key.getType());
                    }
                });
        return all;
    }

    private static Object constant(Field field) {
        try {
            return field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String[]> facts() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Conventions.class.getResourceAsStream("/semconv/http.tsv"), StandardCharsets.UTF_8))) {
            return in.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static List<String[]> facts(String kind) {
        return FACTS.stream().filter(fact -> fact[0].equals(kind)).toList();
    }

    /** Each fact's attribute is one that is published, of that type. */
    static void assertFactsArePublished() {
        Stream.concat(facts("span").stream(), facts("attribute").stream())
                .filter(fact -> !fact[2].endsWith(".*"))
                .forEach(fact -> assertThat(PUBLISHED)
                        .as(fact[2])
                        .containsEntry(
                                fact[2],
                                switch (fact[3]) {
                                    case "string" -> AttributeType.STRING;
                                    case "int" -> AttributeType.LONG;
                                    case "boolean" -> AttributeType.BOOLEAN;
                                    default -> throw new AssertionError(fact[3]);
                                }));
    }

    /** It has what is required, and of the names that are not this gateway's own none that the conventions do not have there. */
    static void assertKeeps(Span span) {
        String kind = span.getKind() == Span.SpanKind.SPAN_KIND_SERVER ? "server" : "client";
        assertAttributes(
                kind + " span " + span.getName(),
                facts("span").stream().filter(fact -> fact[1].equals(kind)).toList(),
                span.getAttributesList());
    }

    /** Where a record tells of something thrown it tells what (exceptions/exceptions-logs.md: one of the two is required). */
    static void assertKeeps(LogRecord log) {
        List<String> names =
                log.getAttributesList().stream().map(KeyValue::getKey).toList();
        if (names.contains("exception.stacktrace")) {
            assertThat(names).containsAnyOf("exception.type", "exception.message");
        }
    }

    /** The same of a metric, with its instrument and unit. */
    static void assertKeeps(Metric metric) {
        String[] fact = facts("metric").stream()
                .filter(each -> each[1].equals(metric.getName()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric of the conventions: " + metric.getName()));
        String instrument = switch (metric.getDataCase()) {
            case HISTOGRAM, EXPONENTIAL_HISTOGRAM -> "histogram";
            case GAUGE -> "gauge";
            case SUM -> metric.getSum().getIsMonotonic() ? "counter" : "updowncounter";
            default -> throw new AssertionError(metric.getDataCase());
        };
        assertThat(instrument).as(metric.getName()).isEqualTo(fact[2]);
        assertThat(metric.getUnit()).as(metric.getName()).isEqualTo(fact[3]);
        List<String[]> attributes = facts("attribute").stream()
                .filter(each -> each[1].equals(metric.getName()))
                .toList();
        attributes(metric).forEach(point -> assertAttributes(metric.getName(), attributes, point));
        facts("bounds").stream()
                .filter(each -> each[1].equals(metric.getName()) && metric.hasHistogram())
                .forEach(bounds -> metric.getHistogram()
                        .getDataPointsList()
                        .forEach(point -> assertThat(point.getExplicitBoundsList())
                                .containsExactlyElementsOf(Arrays.stream(bounds[2].split(","))
                                        .map(Double::valueOf)
                                        .toList())));
    }

    static List<List<KeyValue>> attributes(Metric metric) {
        return switch (metric.getDataCase()) {
            case HISTOGRAM ->
                metric.getHistogram().getDataPointsList().stream()
                        .map(point -> point.getAttributesList())
                        .toList();
            case EXPONENTIAL_HISTOGRAM ->
                metric.getExponentialHistogram().getDataPointsList().stream()
                        .map(point -> point.getAttributesList())
                        .toList();
            case GAUGE ->
                metric.getGauge().getDataPointsList().stream()
                        .map(point -> point.getAttributesList())
                        .toList();
            case SUM ->
                metric.getSum().getDataPointsList().stream()
                        .map(point -> point.getAttributesList())
                        .toList();
            default -> throw new AssertionError(metric.getDataCase());
        };
    }

    private static void assertAttributes(String of, List<String[]> facts, List<KeyValue> given) {
        Map<String, String> types = new HashMap<>();
        for (KeyValue each : given) {
            assertThat(types.put(each.getKey(), type(each.getValue())))
                    .as(of + ": twice " + each.getKey())
                    .isNull();
        }
        facts.stream()
                .filter(fact -> fact[4].equals("required"))
                .forEach(fact -> assertThat(types).as(of).containsKey(fact[2]));
        types.forEach((name, type) -> {
            if (!name.startsWith("sallyport.")) {
                assertThat(facts)
                        .as(of + ": " + name + " of type " + type)
                        .anyMatch(fact -> fact[3].equals(type)
                                && (fact[2].equals(name)
                                        || (fact[2].endsWith(".*")
                                                && name.startsWith(fact[2].substring(0, fact[2].length() - 1)))));
            }
        });
        given.stream().filter(each -> each.getValue().hasStringValue()).forEach(each -> {
            String value = each.getValue().getStringValue();
            assertThat(value).as(of + ": " + each.getKey()).hasSizeLessThanOrEqualTo(Redaction.LONGEST * 2);
            if (each.getKey().equals("http.route")) {
                assertThat(value).as(of + ": a template").startsWith("/");
            }
        });
        if (types.containsKey("server.port")) {
            assertThat(types).as(of).containsKey("server.address");
        }
    }

    private static String type(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> "string";
            case INT_VALUE -> "int";
            case BOOL_VALUE -> "boolean";
            case DOUBLE_VALUE -> "double";
            case ARRAY_VALUE -> "string[]";
            default -> throw new AssertionError(value.getValueCase());
        };
    }
}
