package dev.sallyport.records;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Request;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonLinesTest {

    private static final Lines JSON = new JsonLines(new QueryMask(List.of("Code")), List.of());

    @Test
    void jsonTellsAllThatIsKnown() {
        FakeExchange exchange = FakeExchange.builder()
                .id("r-1")
                .listener("web")
                .route("orders")
                .protocol("HTTP/2")
                .client("203.0.113.9")
                .tls(new Exchange.Tls("TLSv1.3", "TLS_AES_128_GCM_SHA256", null, List.of()))
                .consumer(new Consumer("mobile"))
                .attempt(new Attempt(2, "orders", URI.create("http://127.0.0.1:9001")))
                .build();
        Request request = Requests.get("/orders/7?full=yes&access_token=s3cret")
                .header("User-Agent", "curl/8")
                .header("Referer", "https://shop.example.com/a?token=s3cret#s3cret")
                .header("Authorization", "Bearer s3cret")
                .header("Cookie", "sid=s3cret")
                .exchange(exchange)
                .build();

        String line = JSON.line(
                request, new Completion(200, 12, 3456, Duration.ofNanos(12_345_678), Outcome.COMPLETED, null));

        assertThat(line)
                .isEqualTo(
                        "{\"time\":\"2026-01-01T00:00:00Z\",\"requestId\":\"r-1\",\"client\":\"203.0.113.9\",\"consumer\":\"mobile\",\"method\":\"GET\",\"scheme\":\"https\",\"host\":\"gateway.test\",\"path\":\"/orders/7\",\"query\":\"full=yes&access_token=***\",\"protocol\":\"HTTP/2\",\"tls\":\"TLSv1.3\",\"status\":200,\"outcome\":\"completed\",\"requestBytes\":12,\"responseBytes\":3456,\"durationMillis\":12.345,\"listener\":\"web\",\"route\":\"orders\",\"upstream\":\"orders\",\"target\":\"http://127.0.0.1:9001\",\"attempts\":2,\"userAgent\":\"curl/8\",\"referer\":\"https://shop.example.com/a?token=***\"}");
    }

    @Test
    void jsonLeavesOutWhatIsNotKnown() {
        Request request = Requests.get("/x").route(null).build();

        String line =
                JSON.line(request, new Completion(499, 0, 0, Duration.ZERO, Outcome.CLIENT_GONE, "the client closed"));

        assertThat(line)
                .contains("\"status\":499,\"outcome\":\"client-gone\",\"failure\":\"the client closed\"")
                .doesNotContain("null", "route", "upstream", "consumer", "query", "userAgent", "referer", "tls");
    }

    @Test
    void hidesSecretsOfTheRefererThatIsWrittenAsAFurtherHeaderToo() {
        Request request = Requests.get("/")
                .header("Referer", "https://shop.example.com/a?access_token=secret&b=c")
                .build();

        String line = new JsonLines(new QueryMask(List.of()), List.of("referer")).line(request, ok());

        assertThat(line)
                .endsWith(",\"headers\":{\"referer\":\"https://shop.example.com/a?access_token=***&b=c\"}}")
                .doesNotContain("secret");
    }

    @Test
    void jsonWritesFurtherHeaders() {
        Request request = Requests.get("/")
                .header("X-Tenant", "a")
                .header("x-tenant", "b")
                .build();

        String line = new JsonLines(new QueryMask(List.of()), List.of("x-tenant", "x-none")).line(request, ok());

        assertThat(line).endsWith(",\"headers\":{\"x-tenant\":\"a, b\"}}");
    }

    @ParameterizedTest
    @CsvSource({
        "a=1, a=1",
        "ACCESS_TOKEN=x&a=1, ACCESS_TOKEN=***&a=1",
        "access%5Ftoken=x, access%5Ftoken=***",
        "a=1&code=x&b, a=1&code=***&b",
        "token, token",
        "&token=, &token=***",
        "token=a&b=c&token=d&, token=***&b=c&token=***&",
        "a=b=token=c, a=b=token=c",
        "'', ''",
        "to%ken=%zz, to%ken=%zz",
        "X-Amz-Signature=x, X-Amz-Signature=***",
    })
    void secretsOfTheQueryAreMasked(String query, String masked) {
        assertThat(new QueryMask(List.of("Code")).query(query)).isEqualTo(masked);
    }

    private static Completion ok() {
        return new Completion(200, 0, 5, Duration.ofMillis(1), Outcome.COMPLETED, null);
    }
}
