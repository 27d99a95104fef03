package dev.sallyport.plugins.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.LogMask;
import dev.sallyport.api.Request;
import dev.sallyport.records.JsonLines;
import dev.sallyport.records.Lines;
import dev.sallyport.records.QueryMask;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LinesTest {

    private static final Lines JSON = new JsonLines(new QueryMask(List.of("Code")), List.of());
    private static final CombinedLines COMBINED = new CombinedLines(new QueryMask(List.of()));

    @Test
    void bothHideWhatAnotherStepHidesInLogs() {
        FakeExchange exchange = FakeExchange.create();
        exchange.put(LogMask.OF_EXCHANGE, new LogMask() {
            @Override
            public String header(String name, String value) {
                return name + " of " + value.length();
            }

            @Override
            public String query(String query) {
                return query.replace("4111", "***");
            }

            @Override
            public String path(String path) {
                return path.replace("4111", "***");
            }
        });
        Request request = Requests.get("/cards/4111?n=4111")
                .header("User-Agent", "curl")
                .header("Referer", "http://a/?n=4111")
                .header("X-Card", "4111")
                .exchange(exchange)
                .build();

        String json = new JsonLines(new QueryMask(List.of()), List.of("x-card")).line(request, ok());
        String combined = COMBINED.line(request, ok());

        assertThat(json)
                .contains(
                        "\"path\":\"/cards/***\",\"query\":\"n=***\"",
                        "\"userAgent\":\"user-agent of 4\",\"referer\":\"referer of 15\"",
                        "{\"x-card\":\"x-card of 4\"}");
        assertThat(combined).contains("/cards/***?n=***", "\"referer of 15\" \"user-agent of 4\"");
    }

    @Test
    void combinedIsWhatApacheAndNginxWrite() {
        FakeExchange exchange = FakeExchange.builder()
                .client("203.0.113.9")
                .consumer(new Consumer("mobile"))
                .protocol("HTTP/2")
                .build();
        Request request = Requests.get("/a?b=c&password=s3cret")
                .header("User-Agent", "curl/8")
                .header("Referer", "https://x.test/")
                .exchange(exchange)
                .build();

        assertThat(COMBINED.line(request, ok()))
                .isEqualTo(
                        "203.0.113.9 - mobile [01/Jan/2026:00:00:00 +0000] \"GET /a?b=c&password=*** HTTP/2.0\" 200 5"
                                + " \"https://x.test/\" \"curl/8\"");
    }

    @Test
    void combinedWritesADashForWhatIsNotKnown() {
        Request request = Requests.get("/").header("User-Agent", "").build();

        assertThat(COMBINED.line(request, ok()))
                .isEqualTo("192.0.2.1 - - [01/Jan/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"");
    }

    @Test
    void aClientCannotForgeALineOrAValue() {
        FakeExchange exchange =
                FakeExchange.builder().consumer(new Consumer("a] \"b\nc 日")).build();
        Request request = Requests.get("/a\"b\\c")
                .header("User-Agent", "x\" 200 1 \"\u0085\u009b31m\té\\")
                .exchange(exchange)
                .build();

        String combined = COMBINED.line(request, ok());
        String json = JSON.line(request, ok());

        assertThat(combined)
                .isEqualTo("192.0.2.1 - a]\\x20\\x22b\\x0Ac\\x20\\xE6\\x97\\xA5 [01/Jan/2026:00:00:00 +0000]"
                        + " \"GET /a\\x22b\\x5Cc HTTP/1.1\" 200 5 \"-\""
                        + " \"x\\x22 200 1 \\x22\\xC2\\x85\\xC2\\x9B31m\\x09\\xC3\\xA9\\x5C\"");
        assertThat(json).contains("\"consumer\":\"a] \\\"b\\nc 日\"", "\"x\\\" 200 1 \\\"\\u0085\\u009b31m\\té\\\\\"");
        assertThat(combined.chars().allMatch(c -> c >= ' ' && c < 0x7f)).isTrue();
        assertThat(json.chars().noneMatch(c -> c < ' ' || (c >= 0x7f && c <= 0x9f)))
                .isTrue();
    }

    @Test
    void veryLongValuesAreCut() {
        Request request =
                Requests.get("/").header("User-Agent", "a".repeat(100_000)).build();

        assertThat(JSON.line(request, ok())).hasSizeLessThan(5000).contains("aaa...\"");
        assertThat(COMBINED.line(request, ok())).hasSizeLessThan(5000).endsWith("aaa...\"");
    }

    private static Completion ok() {
        return new Completion(200, 0, 5, Duration.ofMillis(1), Outcome.COMPLETED, null);
    }
}
