package dev.sallyport.plugins.grpcjson;

import com.google.rpc.Code;
import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import dev.sallyport.json.BadContentException;
import dev.sallyport.json.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stream of messages as JSON, written as it is read: what has come is passed on before more is waited for, and nothing is
 * asked of the upstream that the client has not taken. A call that fails after its first message is told at the end: by an
 * object or event {@code error}; an array breaks off, so that nobody takes it for whole. For one thread.
 */
final class MessageStream implements Body {

    private static final int CHUNK = 16 * 1024;

    private final Answering answering;
    private final Body body;
    private final InputStream in;
    private final Frames frames;
    private final AnswerForm form;
    private byte @Nullable [] first;
    private boolean opened;
    private boolean over;
    private boolean begun;
    private Headers trailers = Headers.empty();

    MessageStream(
            Answering answering, Body body, InputStream in, Frames frames, AnswerForm form, byte @Nullable [] first) {
        this.answering = answering;
        this.body = body;
        this.in = in;
        this.frames = frames;
        this.form = form;
        this.first = first;
    }

    @Override
    public long length() {
        return -1;
    }

    @Override
    public InputStream open() {
        if (opened) {
            throw new IllegalStateException("body: read before (expected: once; buffered(…) makes it replayable)");
        }
        opened = true;
        return new Written();
    }

    @Override
    public Headers trailers() {
        return trailers;
    }

    @Override
    public void close() {
        body.close();
    }

    private void more(Bytes out) throws IOException {
        try {
            do {
                byte[] message = first != null ? first : frames.next();
                long number = first != null ? 1 : frames.messages();
                first = null;
                if (message == null) {
                    end(out);
                    return;
                }
                write(message, number, out);
            } while (out.size() < CHUNK && frames.isAtHand());
        } catch (BadFramesException e) {
            fail(Answering.invalid(String.valueOf(e.getMessage())), out);
        } catch (BadContentException e) { // of the request, which is still being sent
            fail(e.problem(), out);
        }
    }

    private void write(byte[] message, long number, Bytes out) throws IOException {
        if (form == AnswerForm.RAW) {
            out.write(Answering.rawBytes(answering.raw(answering.read(message, number))));
            return;
        }
        byte[] json = answering.converted(message, number);
        switch (form) {
            case ARRAY -> out.write(begun ? ',' : '[');
            case SSE -> text("data: ", out);
            default -> {}
        }
        begun = true;
        out.write(json);
        switch (form) {
            case JSON_LINES -> out.write('\n');
            case SSE -> text("\n\n", out);
            default -> {}
        }
    }

    private void end(Bytes out) throws IOException {
        Headers told = body.trailers();
        GrpcStatus status = told.isEmpty() && frames.messages() == 0
                ? new GrpcStatus(Code.OK, "", List.of()) // the head has said so
                : Answering.ended(told, null);
        trailers = Metadata.ofAnswer(told);
        if (!status.isOk()) {
            fail(answering.problem(status), out);
            return;
        }
        over = true;
        if (form == AnswerForm.ARRAY) {
            text(begun ? "]" : "[]", out);
        }
    }

    private void fail(Problem problem, Bytes out) throws IOException {
        over = true;
        switch (form) {
            case JSON_LINES -> text("{\"error\":" + problem.toJson() + "}\n", out);
            case SSE -> text("event: error\ndata: " + problem.toJson() + "\n\n", out);
            case ARRAY, RAW -> throw new IOException("the call has failed after its first message: " + problem.title());
        }
    }

    private static void text(String text, Bytes out) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private final class Written extends InputStream {

        private final Bytes out = new Bytes();
        private int given;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (given == out.size()) {
                out.clear();
                given = 0;
                if (over) {
                    return -1;
                }
                more(out);
            }
            int count = Math.min(length, out.size() - given);
            out.copy(given, bytes, offset, count);
            given += count;
            return count;
        }

        @Override
        public int available() {
            return out.size() - given;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
