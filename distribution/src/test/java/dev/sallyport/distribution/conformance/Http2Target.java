package dev.sallyport.distribution.conformance;

import dev.sallyport.distribution.conformance.Http2Frames.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** A connection on which the target speaks HTTP/2. */
final class Http2Target {

    private final ScriptedTarget target;
    private final InputStream in;
    private final Http2Frames frames;
    private final Map<Integer, Call> calls = new ConcurrentHashMap<>();

    private record Call(Message request, Seen seen, Case script, CountDownLatch whole) {}

    Http2Target(ScriptedTarget target, Socket socket, InputStream in) throws IOException {
        this.target = target;
        this.in = in;
        frames = new Http2Frames(in, socket.getOutputStream());
    }

    void serve() throws IOException {
        in.readNBytes(Http2Frames.PREFACE.length);
        frames.write(Http2Frames.SETTINGS, 0, 0, new byte[0]);
        try {
            for (Frame frame = frames.read(); frame != null; frame = frames.read()) {
                took(frame);
            }
        } finally {
            calls.values().forEach(call -> call.seen().cancelled.countDown());
        }
    }

    private void took(Frame frame) throws IOException {
        switch (frame.type()) {
            case Http2Frames.HEADERS -> headers(frame);
            case Http2Frames.DATA -> {
                Call call = calls.get(frame.stream());
                if (call != null) {
                    call.request().body.append(Http2Frames.data(frame));
                    ended(frame, call);
                }
                if (frame.payload().length > 0) {
                    byte[] count = {0, 0, (byte) (frame.payload().length >> 8), (byte) frame.payload().length};
                    frames.write(Http2Frames.WINDOW_UPDATE, 0, 0, count);
                }
            }
            case Http2Frames.SETTINGS -> {
                if (!frame.has(Http2Frames.ACK)) {
                    frames.write(Http2Frames.SETTINGS, Http2Frames.ACK, 0, new byte[0]);
                }
            }
            case Http2Frames.PING -> {
                if (!frame.has(Http2Frames.ACK)) {
                    frames.write(Http2Frames.PING, Http2Frames.ACK, 0, frame.payload());
                }
            }
            case Http2Frames.RST_STREAM -> {
                Call call = calls.remove(frame.stream());
                if (call != null) {
                    call.seen().cancelled.countDown();
                }
            }
            default -> {}
        }
    }

    private void headers(Frame frame) throws IOException {
        Message message = frames.message(frame);
        Call known = calls.get(frame.stream());
        if (known != null) {
            known.request().trailers.addAll(message.fields);
            ended(frame, known);
            return;
        }
        String id = message.all("case").stream().findFirst().orElse(null);
        Case script = target.script(id);
        Seen seen = target.seen(id);
        seen.contacted |= id != null;
        seen.begun.add(message);
        Call call = new Call(message, seen, script, new CountDownLatch(1));
        calls.put(frame.stream(), call);
        if (script != null && script.answersEarly()) {
            Thread.ofVirtual().start(() -> answer(frame.stream(), call));
        }
        ended(frame, call);
    }

    private void ended(Frame frame, Call call) {
        if (frame.has(Http2Frames.END_STREAM)) {
            call.seen().whole(call.request());
            call.whole().countDown();
            if (call.script() != null && !call.script().answersEarly()) {
                Thread.ofVirtual().start(() -> answer(frame.stream(), call));
            }
        }
    }

    private void answer(int stream, Call call) {
        try {
            for (String step : call.script().answers(0)) {
                switch (step) {
                    case "GONE" -> Seen.await(call.seen().cancelled, Seen.PATIENCE_MILLIS);
                    case "REQUEST" -> Seen.await(call.whole(), Seen.PATIENCE_MILLIS);
                    default -> frames.write(step, stream);
                }
            }
        } catch (IOException over) {
            // the other side has gone
        }
    }
}
