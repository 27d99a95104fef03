package dev.sallyport.distribution.conformance;

import dev.sallyport.distribution.conformance.Http2Frames.Frame;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Plays the client's side of a case over HTTP/2. */
final class Http2Client {

    private static final byte[] LAST_PING = Case.bytes("the-last");

    private final Case script;
    private final Seen seen;
    private final Map<String, Object> expected;
    private final Outcome outcome = new Outcome();
    private final TreeMap<Integer, Message> responses = new TreeMap<>();
    private final TreeSet<Integer> waiting = new TreeSet<>();
    private final Http2Frames frames;

    private Http2Client(Case script, Seen seen, Map<String, Object> expected, Socket socket) throws IOException {
        this.script = script;
        this.seen = seen;
        this.expected = expected;
        frames = new Http2Frames(new BufferedInputStream(socket.getInputStream()), socket.getOutputStream());
        socket.getOutputStream().write(Http2Frames.PREFACE);
    }

    static Outcome play(Case script, Seen seen, Map<String, Object> expected, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Seen.PATIENCE_MILLIS);
            Http2Client client = new Http2Client(script, seen, expected, socket);
            try {
                client.play();
            } catch (SocketTimeoutException nothingMore) {
                // the judge says what is missing
            } catch (IOException over) {
                client.outcome.closed = true;
            }
            client.outcome.responses.addAll(client.responses.values());
            return client.outcome;
        }
    }

    private void play() throws IOException {
        frames.write(Http2Frames.SETTINGS, 0, 0, new byte[0]);
        try {
            for (String step : script.sends()) {
                switch (step) {
                    case "TARGET" -> Seen.await(seen.cameWhole, Seen.PATIENCE_MILLIS);
                    case "HEAD" -> {
                        while (responses.isEmpty() && read()) {
                            // on
                        }
                        while (expected.containsKey("firstData") && outcome.firstData < 0 && read()) {
                            // on
                        }
                    }
                    default -> {
                        frames.write(step, 0);
                        int stream =
                                Integer.parseInt((step + " 0").replace("|", "0").split(" ")[1]);
                        if (step.startsWith("HEADERS")) {
                            waiting.add(stream);
                        } else if (step.startsWith("RST_STREAM")) {
                            waiting.remove(stream);
                        }
                    }
                }
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException closedMeanwhile) {
            // what was answered before that is still read
        }
        Object end = expected.get("end");
        while (!waiting.isEmpty() && !outcome.goAway && read()) {
            // on
        }
        if ("close".equals(end)) {
            while (!outcome.goAway && read()) {
                // on
            }
            outcome.closed |= outcome.goAway;
        } else if (!outcome.closed && !outcome.goAway) {
            frames.write(Http2Frames.PING, 0, 0, LAST_PING);
            while (!outcome.open && read()) {
                // on
            }
        }
    }

    /** Reads a frame; false at the end. */
    private boolean read() throws IOException {
        Frame frame = frames.read();
        if (frame == null) {
            outcome.closed = true;
            return false;
        }
        switch (frame.type()) {
            case Http2Frames.HEADERS -> headers(frame);
            case Http2Frames.DATA -> {
                Message response = responses.get(frame.stream());
                String data = Http2Frames.data(frame);
                if (response != null) {
                    response.body.append(data);
                    outcome.firstData = outcome.firstData < 0 ? data.length() : outcome.firstData;
                }
                ended(frame);
            }
            case Http2Frames.SETTINGS -> {
                if (!frame.has(Http2Frames.ACK)) {
                    frames.write(Http2Frames.SETTINGS, Http2Frames.ACK, 0, new byte[0]);
                }
            }
            case Http2Frames.PING -> {
                if (!frame.has(Http2Frames.ACK)) {
                    frames.write(Http2Frames.PING, Http2Frames.ACK, 0, frame.payload());
                } else if (Arrays.equals(frame.payload(), LAST_PING)) {
                    outcome.open = true;
                } else {
                    outcome.ping = Case.text(frame.payload());
                }
            }
            case Http2Frames.RST_STREAM -> {
                waiting.remove(frame.stream());
                outcome.reset = true;
            }
            case Http2Frames.GOAWAY -> outcome.goAway |= Http2Frames.code(frame) != 0;
            default -> {}
        }
        return true;
    }

    private void headers(Frame frame) throws IOException {
        Message message = frames.message(frame);
        Message before = responses.get(frame.stream());
        if (before != null) {
            before.trailers.addAll(message.fields);
        } else if (message.status() < 200) {
            outcome.interims.add(message.status());
        } else {
            responses.put(frame.stream(), message);
            seen.headAtClient.countDown();
        }
        ended(frame);
    }

    private void ended(Frame frame) {
        Message response = responses.get(frame.stream());
        if (frame.has(Http2Frames.END_STREAM) && response != null) {
            waiting.remove(frame.stream());
            response.whole = true;
            for (String length : response.all("content-length")) {
                boolean head = script.sends().getFirst().contains(":method HEAD");
                response.whole = head || length.equals(Integer.toString(response.body.length()));
            }
        }
    }
}
