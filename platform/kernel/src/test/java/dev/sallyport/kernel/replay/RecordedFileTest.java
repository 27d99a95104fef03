package dev.sallyport.kernel.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken for a record of a request, and how. */
final class RecordedFileTest {

    private static final String COMBINED =
            "203.0.113.9 - mobile [04/May/2026:10:11:12 +0200] \"GET /a?b=1 HTTP/1.1\" 404 12";

    private static final String JSON_LINE = """
        {"time":"2026-05-04T08:00:00Z","requestId":"1","client":"2001:db8::1","consumer":"ada","method":"POST",\
        "scheme":"https","host":"shop.example.com","path":"/orders","query":"x=%C3%A4","protocol":"HTTP/2","status":201,\
        "outcome":"completed","requestBytes":7,"responseBytes":1,"durationMillis":1.0,"listener":"web","route":"orders",\
        "upstream":"shop","target":"http://10.0.0.1","attempts":1,"userAgent":"häagen"}\
        """;

    private static final String TRACE = """
        {"id":"2","at":"2026-05-04T09:00:00Z","scheme":"http","client":"127.0.0.1","route":"orders","request":\
        {"method":"GET","target":"/orders?token=***","headers":{"host":"a","x-many":["1","2"]},"bodyBytes":0},"steps":\
        [{"id":"limit","verdict":"answered"},{"id":"tried","mode":"monitor","verdict":"answered"}],\
        "response":{"status":429}}\
        """;

    @TempDir
    private Path folder;

    private RecordedFile read(String... lines) throws IOException {
        return RecordedFile.read(
                Files.write(folder.resolve("recorded"), String.join("\n", lines).getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsLinesOfEachFormInTheOrderOfTheirTimes() throws IOException {
        RecordedFile file = read(TRACE, COMBINED, "", JSON_LINE);

        assertThat(file.unread()).isZero();
        assertThat(file.requests()).extracting(Recorded::line).containsExactly(4, 2, 1);
        Recorded log = file.requests().get(0);
        assertThat(log.told()).isEqualTo("POST shop.example.com/orders?x=%C3%A4");
        assertThat(log.outcome().verdict()).isEqualTo("forwarded to shop");
        assertThat(log.consumer()).isEqualTo("ada");
        assertThat(log.bodyBytes()).isEqualTo(7);
        Recorded combined = file.requests().get(1);
        assertThat(combined.at()).isEqualTo(Instant.parse("2026-05-04T08:11:12Z"));
        assertThat(combined.outcome()).isEqualTo(new Outcome(null, false, Outcome.Kind.UNKNOWN, null, 404, null));
        Recorded trace = file.requests().get(2);
        assertThat(trace.masked()).isTrue();
        assertThat(trace.headers().all("x-many")).containsExactly("1", "2");
        assertThat(trace.outcome().verdict()).isEqualTo("429 by limit");
    }

    @Test
    void takesWhatWasCutForNotKnown() throws IOException {
        Recorded cut = read(TRACE.replace("?token=***", "?a=1…")
                        .replace("\"host\":\"a\"", "\"host\":\"a\",\"…\":\"3 more\",\"x-long\":\"ab…\""))
                .requests()
                .getFirst();

        assertThat(cut.masked()).isTrue();
        assertThat(cut.target()).isEqualTo("/orders?a=1");
        assertThat(cut.headers().get("x-long")).isEqualTo("ab?");
    }

    @Test
    void readsAListOfTraces() throws IOException {
        assertThat(read("[" + TRACE + "," + TRACE + "]").requests()).hasSize(2);
    }

    @Test
    void countsLinesThatAreNone() throws IOException {
        RecordedFile file = read(
                "nonsense",
                "{\"a\":1}",
                "{broken",
                "[1, 2]",
                "host.example.com - - [04/May/2026:10:11:12 +0200] \"GET / HTTP/1.1\" 200 1",
                "203.0.113.9 - - [04/Mai/2026:10:11:12 +0200] \"GET / HTTP/1.1\" 200 1",
                "203.0.113.9 - - [04/May/2026:10:11:12 +0200] \"-\" 400 0",
                "{\"leftOut\":3}",
                COMBINED);

        assertThat(file.requests()).hasSize(1);
        assertThat(file.unread()).isEqualTo(7);
    }
}
