package dev.sallyport.distribution.conformance;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Map;

/** Plays the client's side of a case over HTTP/1.1. */
final class Http1Client {

    private static final String PROBE = "GET /probe HTTP/1.1\r\nHost: a\r\nCase: probe\r\n\r\n";

    private final Case script;
    private final Seen seen;
    private final Map<String, Object> expected;
    private final Outcome outcome = new Outcome();

    private Http1Client(Case script, Seen seen, Map<String, Object> expected) {
        this.script = script;
        this.seen = seen;
        this.expected = expected;
    }

    static Outcome play(Case script, Seen seen, Map<String, Object> expected, int port) throws IOException {
        return new Http1Client(script, seen, expected).play(port);
    }

    private Outcome play(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Seen.PATIENCE_MILLIS);
            MessageReader reader = new MessageReader(new BufferedInputStream(socket.getInputStream()));
            for (String step : script.sends()) {
                switch (step) {
                    case "<head>" -> read(reader);
                    case "<then>" -> then(reader);
                    case "<target>" -> Seen.await(seen.cameWhole, Seen.PATIENCE_MILLIS);
                    case "<end>" -> socket.shutdownOutput();
                    case "<close>" -> {
                        return outcome;
                    }
                    case "<reset>" -> {
                        socket.setSoLinger(true, 0);
                        outcome.closed = true;
                        return outcome;
                    }
                    default -> send(socket, step);
                }
            }
            int wanted = (int) expected.getOrDefault("responses", 1);
            while (outcome.responses.size() < wanted && read(reader)) {
                // on
            }
            then(reader);
            Object end = expected.get("end");
            if ("open".equals(end) && !outcome.closed) {
                send(socket, PROBE);
                Message probe = reader.response("GET", any -> {});
                outcome.open = probe != null && probe.whole && probe.line.contains(" 200");
            }
            while ("close".equals(end) && read(reader)) {
                // what comes after, up to the end
            }
            return outcome;
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        try {
            socket.getOutputStream().write(Case.bytes(text));
        } catch (SocketException closedMeanwhile) {
            // what was answered before that is still read
        }
    }

    /** Reads a response; false where none comes. */
    private boolean read(MessageReader reader) {
        if (outcome.closed || isSwitched()) {
            if (isSwitched() && !outcome.closed) {
                then(reader);
                outcome.closed = reader.one() < 0 && !(reader.failure() instanceof SocketTimeoutException);
            }
            return false;
        }
        String method =
                outcome.responses.isEmpty() ? script.sends().getFirst().strip().split(" ", 2)[0] : "GET";
        Message message = reader.response(method, head -> {
            if (head.status() >= 200) {
                seen.headAtClient.countDown();
            }
        });
        outcome.closed =
                !(reader.failure() instanceof SocketTimeoutException) && (message == null || reader.failure() != null);
        if (message == null) {
            return false;
        }
        if (message.status() < 200 && message.status() != 101) {
            outcome.interims.add(message.status());
        } else {
            outcome.responses.add(message);
        }
        return true;
    }

    private boolean isSwitched() {
        return !outcome.responses.isEmpty() && outcome.responses.getFirst().status() == 101;
    }

    private void then(MessageReader reader) {
        int wanted = isSwitched() ? ((String) expected.getOrDefault("then", "")).length() : 0;
        while (outcome.then.length() < wanted) {
            int b = reader.one();
            if (b < 0) {
                return;
            }
            outcome.then.append((char) b);
        }
    }
}
