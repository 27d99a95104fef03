package dev.sallyport.api.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the HTML standard says of event streams (§9.2.6), and what a step may do to them. */
final class EventStreamTest {

    private final List<Message.Event> seen = new ArrayList<>();

    private String through(byte[] bytes, int part, MessageFilter filter) throws IOException {
        EventStream stream = new EventStream(1000);
        stream.seenBy((message, from, conversation) -> {
            seen.add((Message.Event) message);
            return filter.message(message, from, conversation);
        });
        InputStream slow = new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] to, int offset, int length) {
                return super.read(to, offset, Math.min(part, length));
            }
        };
        return new String(stream.from(slow).readAllBytes(), UTF_8);
    }

    private String through(String text, MessageFilter filter) throws IOException {
        return through(text.getBytes(UTF_8), 8192, filter);
    }

    private static MessageFilter passing() {
        return (message, from, conversation) -> message;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8192})
    void whatIsNotChangedPassesByteForByte(int part) throws IOException {
        String text =
                "\ufeff: hello\n\ndata: a\r\ndata:b\r\n\r\nevent: add\rdata: 1\rid: 7\r\rid\ndata\n\nretry: 10\n\n";

        assertThat(through(text.getBytes(UTF_8), part, passing())).isEqualTo(text);

        assertThat(seen)
                .containsExactly(
                        new Message.Event("a\nb"),
                        new Message.Event("1", "add", "7", null),
                        new Message.Event("", null, "", null));
    }

    @Test
    void anEventIsChangedDroppedAndAnswered() throws IOException {
        String out = through("data: a\n\ndata: b\nid: 2\n\ndata: c\n\n", (message, from, conversation) -> {
            Message.Event event = (Message.Event) message;
            if (event.data().equals("a")) {
                return null;
            }
            if (event.data().equals("c")) {
                conversation.send(Sender.UPSTREAM, new Message.Event("before"));
                return event;
            }
            return event.withData("x\ny");
        });

        assertThat(out).isEqualTo("id: 2\ndata: x\ndata: y\n\ndata: before\n\ndata: c\n\n");
    }

    /** "Once the end of the file is reached, any pending data must be discarded." */
    @Test
    void anEventThatHasNotEndedIsNone() throws IOException {
        assertThat(through("data: a\n\ndata: b\n", passing())).isEqualTo("data: a\n\n");
    }

    @Test
    void aCommentDoesNotWaitForTheNextEvent() throws IOException {
        String text = ": ping\r\n: ping\n".repeat(10_000) + "data: a\n: ping\n";

        assertThat(through(text, passing())).isEqualTo(text.substring(0, text.indexOf("data")));
    }

    @Test
    void anEventOfManyLinesMayBeAsLargeAsOneOfOne() throws IOException {
        String text = "data: x\n".repeat(450) + "\n";

        assertThat(through(text, passing())).isEqualTo(text);
    }

    @Test
    void aStepEndsTheStreamAfterAnEvent() throws IOException {
        String out = through("data: a\n\ndata: b\n\n", (message, from, conversation) -> {
            conversation.close(1008, "");
            return message;
        });

        assertThat(out).isEqualTo("data: a\n\n");
    }

    @Test
    void anEventThatIsTooLargeBreaksItOff() {
        assertThatThrownBy(() -> through("data: " + "x".repeat(1001) + "\n\n", passing()))
                .isInstanceOf(IOException.class)
                .hasMessage("an event of more than 1000 bytes");
        assertThatThrownBy(() -> through("data: " + "x".repeat(100_000), passing()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void whatIsNotUtf8BreaksItOff() {
        assertThatThrownBy(() -> through(new byte[] {'d', ':', (byte) 0xff, '\n', '\n'}, 10, passing()))
                .isInstanceOf(IOException.class)
                .hasMessage("an event that is not UTF-8");
    }
}
