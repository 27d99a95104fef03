package dev.sallyport.distribution.conformance;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The service behind a peer: it answers each request as the case says whose name is in it, and keeps what it saw. */
public final class ScriptedTarget implements AutoCloseable {

    private final ServerSocket listening;
    private final Map<String, Case> cases = new ConcurrentHashMap<>();
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    /** Listens on a free port. */
    public ScriptedTarget(List<Case> all) {
        all.forEach(one -> cases.put(one.id(), one));
        try {
            listening = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Forgets what it has seen. */
    void reset() {
        seen.clear();
    }

    Case script(String id) {
        return id == null ? null : cases.get(id);
    }

    Seen seen(String id) {
        return seen.computeIfAbsent(id == null ? "?" : id, any -> new Seen());
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            PushbackInputStream in = new PushbackInputStream(new BufferedInputStream(socket.getInputStream()), 3);
            byte[] first = in.readNBytes(3);
            in.unread(first);
            if (Case.text(first).equals("PRI")) {
                new Http2Target(this, socket, in).serve();
            } else {
                http1(socket, new MessageReader(in));
            }
        } catch (IOException over) {
            // seen by what was read
        }
    }

    private void http1(Socket socket, MessageReader reader) throws IOException {
        boolean open = true;
        while (open) {
            Message message = reader.head();
            String id = reader.caseOfHead();
            Seen here = seen(id);
            here.contacted |= id != null;
            if (message == null) {
                return;
            }
            here.begun.add(message);
            Case script = script(id);
            int number = here.count.getAndIncrement();
            List<String> steps =
                    script == null || script.isGrpc() ? List.of(Case.OK.replace("¶", "\r\n")) : script.answers(number);
            if (script != null && script.answersEarly()) {
                open = run(steps, socket, reader, message, here);
                continue;
            }
            if (message.has("Expect: 100-continue")) {
                socket.getOutputStream().write(Case.bytes("HTTP/1.1 100 Continue\r\n\r\n"));
            }
            reader.body(message);
            if (!message.whole) {
                here.cancelled.countDown();
                return;
            }
            here.whole(message);
            if (!message.problems.isEmpty()) {
                return;
            }
            open = run(steps, socket, reader, message, here);
        }
    }

    /** Whether the connection goes on. */
    private static boolean run(List<String> steps, Socket socket, MessageReader reader, Message request, Seen here)
            throws IOException {
        OutputStream out = socket.getOutputStream();
        for (String step : steps) {
            switch (step) {
                case "<close>" -> {
                    socket.shutdownOutput(); // unread bytes would make a reset of it
                    socket.setSoTimeout(Seen.PATIENCE_MILLIS);
                    while (reader.one() >= 0) {
                        // what comes is of no use
                    }
                    return false;
                }
                case "<reset>" -> {
                    socket.setSoLinger(true, 0);
                    return false;
                }
                case "<flushed>" -> Seen.await(here.headAtClient, 1_000);
                case "<gone>", "<echo>" -> {
                    socket.setSoTimeout(Seen.PATIENCE_MILLIS);
                    for (int b = reader.one(); b >= 0; b = reader.one()) {
                        here.then.append((char) b);
                        if (step.equals("<echo>")) {
                            out.write(b);
                        }
                    }
                    if (!(reader.failure() instanceof java.net.SocketTimeoutException)) {
                        here.cancelled.countDown();
                    }
                    return false;
                }
                default -> {
                    out.write(Case.bytes(step.replace("$accept", accept(request))));
                    out.flush();
                }
            }
        }
        return true;
    }

    /** What opens a WebSocket (RFC 6455 §4.2.2). */
    private static String accept(Message request) {
        String key = request.all("sec-websocket-key").stream().findFirst().orElse("");
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1").digest(Case.bytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
            return "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
