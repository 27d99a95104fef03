package dev.sallyport.kernel.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Headers;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResponseHeadReaderTest {

    private final ResponseHeadReader reader = new ResponseHeadReader();

    @Test
    void knowsNothingOfTheHeadBefore() throws Exception {
        read("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Connection: close, X-Mine", "X-Mine: 1", "X-Other: 2");

        ResponseHead next = read("HTTP/1.1 204 No Content", "X-Mine: 3");

        assertThat(next).isEqualTo(new ResponseHead(204, Headers.of("X-Mine", "3"), -1, false, true));
    }

    @Test
    void readsAHeadAfterOneThatWasRefused() throws Exception {
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK", "Connection: close", "Content-Length: 1, 2"))
                .isInstanceOf(ProtocolException.class);

        assertThat(read("HTTP/1.1 200 OK", "Content-Length: 7"))
                .isEqualTo(new ResponseHead(200, Headers.of("Content-Length", "7"), 7, false, true));
    }

    @Test
    void keepsNamesAndValuesAsTheyWereWritten() throws Exception {
        ResponseHead head = read(
                "HTTP/1.1 200 OK",
                "Content-Type: text/plain",
                "content-type: Text/Plain",
                "CONTENT-TYPE:text/plain ",
                "ETag: \"\u00e9\"",
                "Eta: ",
                "Server: nginy");

        assertThat(head.headers())
                .isEqualTo(Headers.of(
                        "Content-Type", "text/plain",
                        "content-type", "Text/Plain",
                        "CONTENT-TYPE", "text/plain",
                        "ETag", "\"\u00e9\"",
                        "Eta", "",
                        "Server", "nginy"));
    }

    @Test
    void readsHeadsLongerThanUsual() throws Exception {
        String[] lines = new String[101];
        lines[0] = "HTTP/1.1 200 OK";
        for (int i = 1; i < lines.length; i++) {
            lines[i] = "X-" + i + ": " + "v".repeat(100);
        }

        Headers fields = read(lines).headers();

        assertThat(fields.size()).isEqualTo(100);
        assertThat(fields.get("x-100")).isEqualTo("v".repeat(100));
        assertThat(read("HTTP/1.1 200 OK", "Age: 1").headers()).isEqualTo(Headers.of("Age", "1"));
    }

    private ResponseHead read(String... lines) throws ProtocolException {
        ByteBuffer buffer =
                ByteBuffer.wrap((String.join("\r\n", lines) + "\r\n\r\nbody").getBytes(StandardCharsets.ISO_8859_1));
        ResponseHead head = reader.read(buffer, ResponseHead.end(buffer, 0), false);
        assertThat(buffer.remaining()).as("what follows the head").isEqualTo(4);
        return head;
    }
}
