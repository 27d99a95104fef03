package dev.sallyport.plugins.grpcjson;

import dev.sallyport.api.Body;
import dev.sallyport.api.Problem;
import dev.sallyport.json.BadContentException;
import dev.sallyport.json.Bytes;
import java.io.IOException;
import java.io.InputStream;

/** A stream of JSON as the messages of a call, made as they are read: no more is held than one of them, and a few KB. */
final class RequestMessages extends InputStream {

    private static final int CHUNK = 16 * 1024;

    private final InputStream in;
    private final Call call;
    private final JsonSplitter values;
    private final byte[] chunk = new byte[CHUNK];
    private final Bytes out = new Bytes();
    private int given;
    private boolean over;

    private RequestMessages(InputStream in, Call call, JsonSplitter values) {
        this.in = in;
        this.call = call;
        this.values = values;
    }

    /**
     * A body of messages.
     *
     * @param json valid JSON, or such that its reader is told where it is not
     * @param lines whether documents follow each other on lines
     */
    static Body body(Body json, Call call, boolean lines, int limit) {
        return new OnceBody(json.map(in -> new RequestMessages(in, call, new JsonSplitter(lines, limit))));
    }

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
            more();
        }
        int count = Math.min(length, out.size() - given);
        out.copy(given, bytes, offset, count);
        given += count;
        return count;
    }

    private void more() throws IOException {
        while (out.size() < CHUNK) {
            byte[] value = values.next();
            if (value != null) {
                write(value);
            } else if (out.size() > 0) {
                return; // what is made goes out before more is waited for
            } else {
                int read = in.read(chunk, 0, CHUNK);
                if (read < 0) {
                    byte[] rest = values.rest();
                    if (rest != null) {
                        write(rest);
                    }
                    over = true;
                    return;
                }
                values.feed(chunk, read);
            }
        }
    }

    private void write(byte[] value) throws IOException {
        try {
            out.write(call.message(value));
        } catch (BadContentException e) {
            Problem problem = e.problem();
            throw new BadContentException(problem.withDetail("message " + values.count() + ": " + problem.detail())
                    .with("message", values.count()));
        }
    }

    @Override
    public int available() {
        return out.size() - given;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** It is made of what can be read once, or of so much that it is not made twice. */
    private record OnceBody(Body body) implements Body {

        @Override
        public long length() {
            return -1;
        }

        @Override
        public InputStream open() {
            return body.open();
        }

        @Override
        public void close() {
            body.close();
        }
    }
}
