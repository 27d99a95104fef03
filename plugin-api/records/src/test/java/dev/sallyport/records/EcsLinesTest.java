package dev.sallyport.records;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.TraceContext;
import dev.sallyport.records.EcsLines.Further;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The fields and types are compared with those that the schema's authors publish. */
final class EcsLinesTest {

    private static final QueryMask MASK = new QueryMask(List.of());
    private static final EcsLines ECS = new EcsLines(MASK, List.of(), EcsLines.Service.DEFAULT);

    private record Field(String type, boolean array) {}

    @Test
    void allThatIsKnownIsWrittenWithTheNamesAndTypesOfTheSchema() throws IOException {
        EcsLines all = new EcsLines(MASK, List.of("x-tenant"), new EcsLines.Service("edge", "edge-1", "production"));
        Request request = Requests.of("POST", "/orders/7?full=yes&access_token=s3cret")
                .header("Host", "API.example.com:8443")
                .header("User-Agent", "curl/8")
                .header("Referer", "https://shop.example.com/a?token=s3cret#s3cret")
                .header("X-Tenant", "blue")
                .header("Authorization", "Bearer s3cret")
                .exchange(everything())
                .build();
        Completion completion =
                new Completion(502, 12, 3456, Duration.ofNanos(12_345_678), Outcome.FAILED, "the response broke off");
        Further further = new Further("e-1", "{\"a\":1}", "{\"b\":2}", Map.of("data.center", "north"));

        String line = all.line(request, completion, further);

        assertThat(line).doesNotContain("s3cret");
        List<String> seen = new ArrayList<>();
        JsonNode json = JsonMapper.shared().readTree(line);
        check("", json, published(), seen);
        assertThat(seen)
                .contains("@timestamp", "ecs.version")
                .contains("event.id", "event.kind", "event.category", "event.type", "event.outcome")
                .contains("event.duration", "event.reason")
                .contains("http.request.id", "http.request.method", "http.request.referrer", "http.version")
                .contains("http.request.body.bytes", "http.request.body.content", "http.response.status_code")
                .contains("http.response.body.bytes", "http.response.body.content")
                .contains("url.scheme", "url.domain", "url.port", "url.path", "url.query")
                .contains("client.ip", "source.ip", "source.port", "user.name", "user_agent.original")
                .contains("tls.version", "tls.cipher", "tls.client.server_name", "trace.id", "span.id")
                .contains("service.name", "service.node.name", "service.environment", "labels.data_center");
        assertThat(json.path("event").path("duration").asLong(0)).isEqualTo(12_345_678);
        assertThat(json.path("event").path("outcome").asString("")).isEqualTo("failure");
        assertThat(json.path("url").path("domain").asString("")).isEqualTo("api.example.com");
        assertThat(json.path("http").path("version").asString("")).isEqualTo("2");
        assertThat(json.path("tls").path("version").asString("")).isEqualTo("1.3");
        assertThat(json.path("sallyport").toString())
                .isEqualTo("{\"listener\":\"web\",\"route\":\"orders\",\"outcome\":\"failed\",\"upstream\":\"orders\","
                        + "\"target\":\"http://127.0.0.1:9001\",\"attempts\":2,\"headers\":{\"x-tenant\":\"blue\"}}");
    }

    @Test
    void whatIsNotKnownIsLeftOut() throws IOException {
        String line = ECS.line(
                Requests.get("/x").route(null).build(),
                new Completion(499, 0, 0, Duration.ZERO, Outcome.CLIENT_GONE, "the client closed"));

        assertThat(line)
                .doesNotContain("null", "route", "upstream", "\"user", "query", "referrer", "tls", "trace", "labels")
                .doesNotContain("{}");
        check("", JsonMapper.shared().readTree(line), published(), new ArrayList<>());
    }

    @ParameterizedTest
    @CsvSource({
        "200, COMPLETED, success",
        "304, COMPLETED, success",
        "404, COMPLETED, failure",
        "500, COMPLETED, failure",
        "200, FAILED, failure",
        "499, CLIENT_GONE, unknown",
        "200, CLIENT_GONE, unknown",
    })
    void theOutcomeIsAsTheSchemaMeansIt(int status, Outcome outcome, String written) {
        String line = ECS.line(Requests.get("/").build(), new Completion(status, 0, 0, Duration.ZERO, outcome, null));

        assertThat(line).contains("\"outcome\":\"" + written + "\",\"duration\"");
    }

    @ParameterizedTest
    @CsvSource({
        "a.test, 'a.test', ",
        "A.test:80, 'a.test', 80",
        "[2001:db8::1]:8443, '[2001:db8::1]', 8443",
        "[2001:db8::1], '[2001:db8::1]', ",
        "a.test:, 'a.test', ",
        "a.test:99999, 'a.test', ",
        "a.test:99999999999999999999, 'a.test', ",
        "a.test:8o, 'a.test', ",
    })
    void aHostIsDomainAndPortWhateverTheClientWrites(String host, String domain, @Nullable Integer port) {
        Request request = Requests.get("/").header("Host", host).build();

        JsonNode url = JsonMapper.shared().readTree(ECS.line(request, ok())).path("url");

        assertThat(url.path("domain").asString("")).isEqualTo(domain);
        assertThat(url.path("port").isMissingNode() ? null : url.path("port").asInt(-1))
                .isEqualTo(port);
    }

    @Test
    void aClientsValuesAreCut() {
        String line = ECS.line(
                Requests.get("/" + "p".repeat(50_000) + "?" + "q".repeat(50_000))
                        .header("User-Agent", "u".repeat(50_000))
                        .header("Host", "h".repeat(50_000))
                        .header("Referer", "r".repeat(50_000))
                        .build(),
                ok());

        assertThat(line).hasSizeLessThan(6 * Lines.LONGEST);
    }

    private static FakeExchange everything() {
        FakeExchange exchange = FakeExchange.builder()
                .id("r-1")
                .listener("web")
                .route("orders")
                .protocol("HTTP/2")
                .client("203.0.113.9")
                .tls(new Exchange.Tls("TLSv1.3", "TLS_AES_128_GCM_SHA256", "api.example.com", List.of()))
                .consumer(new Consumer("mobile"))
                .attempt(new Attempt(2, "orders", URI.create("http://127.0.0.1:9001")))
                .build();
        exchange.put(
                TraceContext.OF_EXCHANGE,
                new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true));
        return exchange;
    }

    private static Completion ok() {
        return new Completion(200, 0, 5, Duration.ofMillis(1), Outcome.COMPLETED, null);
    }

    private static Map<String, Field> published() throws IOException {
        Map<String, Field> fields = new HashMap<>();
        try (InputStream in = requireNonNull(EcsLinesTest.class.getResourceAsStream("ecs-fields.csv"))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(",", -1))
                    .forEach(cells -> fields.put(cells[0], new Field(cells[1], cells[2].equals("array"))));
        }
        return fields;
    }

    private static void check(String path, JsonNode node, Map<String, Field> published, List<String> seen)
            throws IOException {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String name = path + member.getKey();
            JsonNode value = member.getValue();
            if (name.equals("sallyport")) {
                continue; // fields that the schema does not have are for whoever has the name
            }
            assertThat(member.getKey()).doesNotContain(".");
            if (name.equals("labels")) {
                assertThat(published.get(name)).isEqualTo(new Field("object", false));
                value.properties().forEach(label -> {
                    assertThat(label.getValue().isString()).isTrue();
                    seen.add("labels." + label.getKey());
                });
            } else if (value.isObject()) {
                check(name + ".", value, published, seen);
            } else {
                check(name, value, published.get(name));
                seen.add(name);
            }
        }
    }

    private static void check(String name, JsonNode value, @Nullable Field field) throws IOException {
        assertThat(field).as(name + " is published").isNotNull();
        assertThat(value.isArray())
                .as(name + " is an array")
                .isEqualTo(requireNonNull(field).array());
        for (JsonNode each : value.isArray() ? value : List.of(value)) {
            switch (field.type()) {
                case "long" -> assertThat(each.isIntegralNumber()).as(name).isTrue();
                case "boolean" -> assertThat(each.isBoolean()).as(name).isTrue();
                case "date" -> assertThat(Instant.parse(each.asString(""))).isNotNull();
                case "ip" ->
                    assertThat(InetAddress.ofLiteral(each.asString(""))).isNotNull();
                default -> assertThat(each.isString()).as(name).isTrue();
            }
        }
    }
}
