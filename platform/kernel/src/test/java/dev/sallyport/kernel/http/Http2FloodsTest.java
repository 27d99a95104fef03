package dev.sallyport.kernel.http;

import static dev.sallyport.kernel.http.RawHttp2.ACK;
import static dev.sallyport.kernel.http.RawHttp2.CONTINUATION;
import static dev.sallyport.kernel.http.RawHttp2.DATA;
import static dev.sallyport.kernel.http.RawHttp2.END_HEADERS;
import static dev.sallyport.kernel.http.RawHttp2.END_STREAM;
import static dev.sallyport.kernel.http.RawHttp2.ENHANCE_YOUR_CALM;
import static dev.sallyport.kernel.http.RawHttp2.GOAWAY;
import static dev.sallyport.kernel.http.RawHttp2.HEADERS;
import static dev.sallyport.kernel.http.RawHttp2.PING;
import static dev.sallyport.kernel.http.RawHttp2.PRIORITY;
import static dev.sallyport.kernel.http.RawHttp2.RESET;
import static dev.sallyport.kernel.http.RawHttp2.RST_STREAM;
import static dev.sallyport.kernel.http.RawHttp2.SETTINGS;
import static dev.sallyport.kernel.http.RawHttp2.WINDOW_UPDATE;
import static dev.sallyport.kernel.http.RawHttp2.frame;
import static dev.sallyport.kernel.http.RawHttp2.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Response;
import dev.sallyport.kernel.http.LimitHits.Limit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Known abuses of HTTP/2, frame by frame. Each ends its own connection, and no other: one that was opened before is asked
 * again after each.
 */
@Timeout(60)
class Http2FloodsTest {

    private ListenerFixture web;
    private RawHttp2 other;
    private RawHttp2 hostile;

    @BeforeEach
    void connect() throws IOException {
        web = new ListenerFixture("limits: {headers: 8KiB, http2: {controlFrames: 100/s, streams: 50}}");
        other = new RawHttp2(web.port);
        hostile = new RawHttp2(web.port);
    }

    @AfterEach
    void otherConnectionsNoticeNothing() throws IOException {
        assertThat(other.get(1)).isTrue();
        assertThat(other.await(HEADERS)).as("the answer on another connection").isNotNull();
        assertThat(web.answers()).isTrue();
        hostile.close();
        other.close();
        await().until(() -> web.listeners.exchanges().isEmpty()
                && web.listeners.connections().get("web") == 0);
        web.close();
    }

    @Test
    void rapidReset() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int stream = 1; stream < 4000; stream += 2) {
            all.write(frame(HEADERS, END_HEADERS | END_STREAM, stream, head(2)));
            all.write(frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8}));
        }
        hostile.write(all.toByteArray());

        assertThat(hostile.awaitEnd()).isIn(ENHANCE_YOUR_CALM, RESET);
        assertThat(web.hits(Limit.CONTROL_FRAMES)).isPositive();
    }

    /** What makes the gateway reset streams itself: "MadeYouReset", CVE-2025-8671. */
    @Test
    void resetsProvokedByEmptyWindowUpdates() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int stream = 1; stream < 4000; stream += 2) {
            all.write(frame(HEADERS, END_HEADERS, stream, head(3)));
            all.write(frame(WINDOW_UPDATE, 0, stream, new byte[4]));
        }
        hostile.write(all.toByteArray());

        assertThat(hostile.awaitEnd()).isIn(ENHANCE_YOUR_CALM, RESET);
    }

    @Test
    void resetsProvokedByWindowsThatOverflow() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int stream = 1; stream < 4000; stream += 2) {
            all.write(frame(HEADERS, END_HEADERS, stream, head(3)));
            all.write(frame(WINDOW_UPDATE, 0, stream, new byte[] {0x7f, -1, -1, -1}));
        }
        hostile.write(all.toByteArray());

        assertThat(hostile.awaitEnd()).isIn(ENHANCE_YOUR_CALM, RESET);
    }

    @Test
    void settingsFlood() throws IOException {
        hostile.burst(1000, SETTINGS, 0, 0);
        assertThat(hostile.awaitEnd()).isIn(ENHANCE_YOUR_CALM, RESET);
    }

    @Test
    void settingsOfManyKeys() throws IOException {
        byte[] keys = new byte[6 * 1000];
        for (int i = 0; i < 1000; i++) {
            keys[6 * i] = 0x7f;
            keys[6 * i + 1] = (byte) i;
        }
        hostile.write(frame(SETTINGS, 0, 0, keys));
        assertThat(hostile.awaitEnd()).isPositive();
    }

    @Test
    void pingFlood() throws IOException {
        hostile.burst(1000, PING, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(hostile.awaitEnd()).isIn(ENHANCE_YOUR_CALM, RESET);
    }

    @Test
    void pingAckFlood() throws IOException {
        hostile.burst(1000, PING, ACK, 0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(hostile.awaitEnd()).isIn(ENHANCE_YOUR_CALM, RESET);
    }

    @Test
    void priorityFlood() throws IOException {
        hostile.burst(1000, PRIORITY, 0, 1, 0, 0, 0, 3, 16);
        assertThat(hostile.awaitEnd()).isIn(ENHANCE_YOUR_CALM, RESET);
    }

    @Test
    void floodOfEmptyData() throws IOException {
        hostile.post(1);
        hostile.burst(1000, DATA, 0, 1);
        assertThat(hostile.awaitEnd()).isIn(ENHANCE_YOUR_CALM, RESET);
    }

    @Test
    void floodOfUnknownFrames() throws IOException {
        hostile.burst(1000, 0xee, 0, 0, 1, 2, 3);
        assertThat(hostile.awaitEnd()).isIn(ENHANCE_YOUR_CALM, RESET);
    }

    @Test
    void floodOfEmptyContinuations() throws IOException {
        hostile.write(frame(HEADERS, END_STREAM, 1, head(2)));
        hostile.burst(1000, CONTINUATION, 0, 1);
        assertThat(hostile.awaitEnd()).isIn(ENHANCE_YOUR_CALM, RESET);
    }

    @Test
    void headOfManyContinuations() throws IOException {
        hostile.write(frame(HEADERS, END_STREAM, 1, head(2)));
        byte[] field = new byte[1000];
        for (int i = 0; i < 90 && hostile.write(frame(CONTINUATION, 0, 1, field)); i++) {
            // until it is too much
        }
        assertThat(hostile.awaitEnd()).isPositive();
    }

    /** A field of 4 KiB put in the table once, then named a thousand times by one byte each. */
    @Test
    void hpackBomb() throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(head(2));
        byte[] name = {0x40, 1, 'a', 0x7f, (byte) (3900 - 127 & 0x7f | 0x80), (byte) (3900 - 127 >> 7)};
        block.write(name);
        block.write(new byte[3900].clone());
        for (int i = 0; i < 4000; i++) {
            block.write(0x80 | 62);
        }
        byte[] bytes = block.toByteArray();
        java.util.Arrays.fill(bytes, head(2).length + name.length, head(2).length + name.length + 3900, (byte) 'a');
        hostile.write(frame(HEADERS, END_HEADERS | END_STREAM, 1, bytes));

        RawHttp2.Frame answer = refusal();
        assertThat(answer == null || answer.type() != HEADERS || isStatus431(answer))
                .as("%s", answer)
                .isTrue();
        assertThat(web.completions).isEmpty();
    }

    /** Literal 431, as HPACK writes a status that is in no table. */
    private static boolean isStatus431(RawHttp2.Frame answer) {
        String text = new String(answer.payload(), java.nio.charset.StandardCharsets.ISO_8859_1);
        return text.contains("431") || answer.payload()[0] != (byte) 0x88;
    }

    private RawHttp2.Frame refusal() throws IOException {
        for (RawHttp2.Frame frame = hostile.read(); frame != null; frame = hostile.read()) {
            if (frame.type() == HEADERS || frame.type() == RST_STREAM || frame.type() == GOAWAY) {
                return frame;
            }
        }
        return null;
    }

    @Test
    void moreStreamsThanAllowedAreRefused() throws IOException {
        web.answering(request -> {
            request.body().text(10);
            return Response.text(200, "ok");
        });
        for (int i = 0; i < 60; i++) {
            hostile.post(2 * i + 1);
        }
        RawHttp2.Frame refused = hostile.await(RST_STREAM);
        assertThat(refused.stream()).isEqualTo(101);
        assertThat(refused.error()).as("REFUSED_STREAM").isEqualTo(7);

        hostile.send(DATA, END_STREAM, 1, 'a');
        assertThat(hostile.await(HEADERS).stream()).isEqualTo(1);
        hostile.close();
        web.answering(request -> Response.text(200, "ok"));
    }

    @Test
    void tinyWindowUpdatesLeaveNothingBehind() throws IOException {
        hostile.get(1);
        hostile.burst(200_000, WINDOW_UPDATE, 0, 0, 0, 0, 0, 1);
        hostile.get(3);
        for (RawHttp2.Frame frame = hostile.await(HEADERS); frame.stream() != 3; frame = hostile.await(HEADERS)) {
            // the answer to the first
        }
    }

    @Test
    void dataBeyondTheWindowEndsTheConnection() throws IOException {
        web.answering(request -> {
            Thread.sleep(200);
            return Response.text(200, "unread");
        });
        hostile.post(1);
        byte[] data = new byte[16 * 1024];
        for (int i = 0; i < 100 && hostile.write(frame(DATA, 0, 1, data)); i++) {
            // more than was allowed
        }
        assertThat(hostile.awaitEnd()).as("FLOW_CONTROL_ERROR").isEqualTo(3);
        web.answering(request -> Response.text(200, "ok"));
    }
}
