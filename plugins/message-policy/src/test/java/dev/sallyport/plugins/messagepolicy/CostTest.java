package dev.sallyport.plugins.messagepolicy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.Tunnel;
import dev.sallyport.api.message.Message;
import dev.sallyport.api.message.MessageFilter;
import dev.sallyport.api.message.Messages;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.Requests;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.function.LongUnaryOperator;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Role;
import org.java_websocket.framing.Framedata;
import org.java_websocket.framing.TextFrame;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a message of 200 bytes costs, beside a library that reads and writes its frame: printed, for docs/proofs. */
@Tag("proof")
final class CostTest {

    private static final int PART = 32;
    private static final int ROUNDS = 20_000;
    private static final String TEXT = "{\"say\":\"" + "x".repeat(190) + "\"}";

    @Test
    void ofAMessage() throws Exception {
        byte[] frames = frames();
        double library = measure("Java-WebSocket, read and written", rounds -> library(frames, rounds));
        double seen =
                measure("seen by a step that changes nothing", rounds -> messages(frames, rounds, (m, f, c) -> m));
        measure(
                "changed by a step",
                rounds -> messages(frames, rounds, (m, f, c) -> Message.text(((Message.Text) m).content() + "!")));

        assertThat(seen).as("µs, against twice that of the library").isLessThan(2 * library);
    }

    private static double measure(String what, LongUnaryOperator run) {
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 6; i++) {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            long messages = run.applyAsLong(ROUNDS);
            long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
            best = Math.min(best, nanos / 1e3 / messages);
        }
        System.out.printf("%s: %.2f µs of processor time a message%n", what, best);
        return best;
    }

    /** Text frames as a client sends them, one behind the other. */
    private static byte[] frames() {
        Draft_6455 draft = new Draft_6455();
        draft.setParseMode(Role.CLIENT);
        ByteBuffer all = ByteBuffer.allocate(PART * 400);
        for (int i = 0; i < PART; i++) {
            all.put(draft.createBinaryFrame(draft.createFrames(TEXT, true).getFirst()));
        }
        byte[] bytes = new byte[all.position()];
        all.flip().get(bytes);
        return bytes;
    }

    private static long library(byte[] frames, long rounds) {
        Draft_6455 server = new Draft_6455();
        server.setParseMode(Role.SERVER);
        Draft_6455 client = new Draft_6455();
        client.setParseMode(Role.CLIENT);
        long count = 0;
        try {
            for (int i = 0; i < rounds; i++) {
                for (Framedata frame : server.translateFrame(ByteBuffer.wrap(frames.clone()))) {
                    TextFrame onward = new TextFrame();
                    onward.setPayload(frame.getPayloadData());
                    onward.isValid();
                    onward.setTransferemasked(true);
                    count += client.createBinaryFrame(onward).remaining() > 0 ? 1 : 0;
                }
            }
            return count;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static long messages(byte[] frames, long rounds, MessageFilter filter) {
        try (FakeContext context = FakeContext.create()) {
            Request request = Requests.get("/").upgrade("websocket").build();
            Counted up = new Counted();
            Response response = Messages.of(context, 1 << 16)
                    .handle(
                            request,
                            onward -> Response.upgrade(101, Headers.empty(), up),
                            (opened, conversation) -> filter);
            Tunnel tunnel = response.tunnel();
            tunnel.facing(new Counted());
            for (int i = 0; i < rounds; i++) {
                tunnel.output().write(frames);
            }
            assertThat(up.bytes).isPositive();
            return rounds * PART;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Counted extends OutputStream implements Tunnel {

        long bytes;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            bytes += length;
        }

        @Override
        public InputStream input() {
            return InputStream.nullInputStream();
        }

        @Override
        public OutputStream output() {
            return this;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
