package dev.sallyport.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Attribute;
import dev.sallyport.api.Body;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of expressions, their values and their mistakes. */
final class ExpressionTableTest {

    private static final String ARROW = " =>";

    private final Request request = request();
    private final Response response = Response.of(503, Headers.of("Retry-After", "5", "x.y", "z"), Body.empty());

    /** A line of a table. */
    record Row(int line, String expression, String expected) {
        @Override
        public String toString() {
            return line + ": " + expression;
        }
    }

    static Request request() {
        FakeExchange exchange = FakeExchange.builder()
                .id("0198")
                .listener("web")
                .route("orders")
                .parameter("id", "7/8")
                .scheme("https")
                .protocol("HTTP/2")
                .client("203.0.113.9")
                .tls(new Exchange.Tls("TLSv1.3", "TLS_AES_128_GCM_SHA256", "api.example.com", List.of()))
                .consumer(new Consumer(
                        "ada",
                        List.of("partners", "r,d"),
                        Map.of("tier", "gold", "groups", "tagged", "name", "tagged too")))
                .attempt(new Attempt(2, "orders", URI.create("http://127.0.0.1:9001")))
                .clock(Clock.fixed(Instant.parse("2026-11-26T14:50:00Z"), ZoneOffset.UTC))
                .build();
        Map<String, Object> claims = new HashMap<>(Map.of(
                "sub",
                "ada@example.com",
                "level",
                3,
                "share",
                0.5,
                "round",
                2.0,
                "admin",
                true,
                "roles",
                List.of("admin", "auditor"),
                "address",
                Map.of("city", "Wien", "zip.code", "1010"),
                "https://example.com/tenant",
                "blue",
                "deep",
                List.of(Map.of("x", 1)),
                "big",
                new BigInteger("9007199254740993")));
        claims.put("nothing", null);
        exchange.put(Attribute.of("jwt-claims", Map.class), claims);
        return Requests.of("POST", "/orders/7%2F8?page=2&tag=a&tag=b%20c&empty=&flag&a%5B%5D=x+y")
                .header("host", "API.example.com:8443")
                .header("X-Key", "k-1")
                .header("x-multi", "a")
                .header("x-multi", "b")
                .header("a.b", "dotted")
                .header("cookie", "theme=dark; sid=s=1")
                .header("cookie", "__Host-id=9")
                .exchange(exchange)
                .build();
    }

    static Stream<Row> values() throws IOException {
        return rows("values.txt");
    }

    static Stream<Row> errors() throws IOException {
        return rows("errors.txt");
    }

    private static Stream<Row> rows(String name) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (InputStream in =
                Objects.requireNonNull(ExpressionTableTest.class.getResourceAsStream("/expressions/" + name))) {
            String[] lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1);
            for (int i = 0; i < lines.length; i++) {
                int arrow = lines[i].lastIndexOf(ARROW);
                if (arrow >= 0 && !lines[i].startsWith("#")) {
                    rows.add(new Row(i + 1, lines[i].substring(0, arrow), lines[i].substring(arrow + ARROW.length())));
                }
            }
        }
        return rows.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void hasTheValue(Row row) {
        Expression expression = Expression.parse(row.expression(), Sight.RESPONSE);

        String value = expression.value(request, response, null);

        assertThat(value)
                .isEqualTo(
                        switch (row.expected()) {
                            case "" -> null;
                            case " \"\"" -> "";
                            default -> row.expected().substring(1);
                        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("errors")
    void refusesWithTheColumn(Row row) {
        Throwable refused = catchThrowable(() -> Expression.parse(row.expression()));

        assertThat(refused).isInstanceOf(ExpressionException.class);
        String[] expected = row.expected().strip().split(" ", 2);
        assertThat(refused)
                .hasMessageStartingWith(row.expression() + " (expected: ")
                .hasMessageContaining(expected[1])
                .hasMessageContaining(" at column " + expected[0] + ")");
        assertThat(((ExpressionException) refused).column()).isEqualTo(Integer.parseInt(expected[0]));
    }
}
