package dev.sallyport.distribution.conformance;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The service behind a cache: it answers as the step says that is played of the case whose name is in the path. */
public final class CachingTarget implements AutoCloseable {

    /** How long it waits for a client that should not wait for it. */
    private static final int BLOCKED_MILLIS = 2_000;

    private static final int SLOW_MILLIS = 1_500;

    /** Ways to answer after which there is nothing whole. */
    private static final Set<String> FAILS =
            Set.of("close", "cut-head", "cut", "cut-chunked", "two-lengths", "length-and-chunked");

    private final ServerSocket listening;
    private final Map<String, CachingPlay> plays = new ConcurrentHashMap<>();

    /** Listens on a free port. */
    public CachingTarget() {
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

    void begin(CachingPlay play) {
        plays.put(play.script.id(), play);
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
            MessageReader reader = new MessageReader(new BufferedInputStream(socket.getInputStream()));
            boolean open = true;
            while (open) {
                Message request = reader.head();
                if (request == null) {
                    return;
                }
                reader.body(request);
                CachingPlay play = playOf(request);
                open = request.whole && play != null && answer(play, request, socket);
            }
        } catch (IOException over) {
            // seen by what was read
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CachingPlay playOf(Message request) {
        for (String part : request.line.split("[/? ;]")) {
            CachingPlay play = plays.get(part);
            if (play != null) {
                return play;
            }
        }
        return null;
    }

    /** Whether the connection goes on. */
    private static boolean answer(CachingPlay play, Message request, Socket socket)
            throws IOException, InterruptedException {
        CachingStep step = play.step;
        CountDownLatch atClient = play.atClient;
        CachingPlay.Ask ask = new CachingPlay.Ask(request, status(step, request));
        int number = play.asks.size() + 1;
        boolean isBodiless = ask.status == 304 || ask.status == 204;
        boolean isPart = step.number("code", 200) == 206 || step.number("code", 200) == 416;
        boolean isWhole = isPart && ask.status == 200;
        String otherwise = "answer " + step.number();
        String text = isWhole ? step.text("whole", "0123456789") : step.text("body", otherwise);
        String body = isBodiless ? "" : play.expand(text, number);
        ask.body = ask.isHead() ? "" : body;
        play.cameAt(ask);
        OutputStream out = socket.getOutputStream();
        String how = step.how();
        if (step.mayBeStale()) {
            ask.blocked = !atClient.await(BLOCKED_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (how.equals("slow")) {
            Seen.await(new CountDownLatch(1), SLOW_MILLIS);
        }
        StringBuilder head = head(play, step, ask, isWhole, number);
        if (ask.status != 304 && !FAILS.contains(how)) {
            play.answered.put(step.number(), ask);
        }
        boolean hasLength = head.indexOf("\r\nContent-Length:") >= 0;
        if (step.has("interim")) {
            out.write(Case.bytes("HTTP/1.1 " + step.text("interim", "").replace("¶", "\r\n") + "\r\n\r\n"));
        }
        switch (how) {
            case "close" -> {
                return false;
            }
            case "cut-head" -> {
                out.write(Case.bytes("HTTP/1.1 200 OK\r\nContent-Len"));
                return false;
            }
            case "cut" -> {
                out.write(Case.bytes(head + "Content-Length: " + (body.length() + 100) + "\r\n\r\n" + body));
                return false;
            }
            case "cut-chunked" -> {
                out.write(Case.bytes(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk(body)));
                return false;
            }
            case "lengthless" -> {
                out.write(Case.bytes(head + "Connection: close\r\n\r\n" + body));
                return false;
            }
            case "chunked" -> {
                int half = body.length() / 2;
                String trailers =
                        step.has("trailers") ? step.text("trailers", "").replace("¶", "\r\n") + "\r\n" : "";
                out.write(Case.bytes(head
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + chunk(body.substring(0, half))
                        + chunk(body.substring(half))
                        + "0\r\n"
                        + trailers
                        + "\r\n"));
            }
            case "two-lengths" -> {
                out.write(
                        Case.bytes(head + "Content-Length: 3\r\nContent-Length: " + body.length() + "\r\n\r\n" + body));
                return false;
            }
            case "length-and-chunked" -> {
                out.write(Case.bytes(
                        head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(body) + "0\r\n\r\n"));
                return false;
            }
            case "more" ->
                out.write(Case.bytes(head
                        + "Content-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body
                        + "HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\nContent-Length: 4\r\n\r\nevil"));
            default -> {
                String length = isBodiless || hasLength ? "" : "Content-Length: " + body.length() + "\r\n";
                out.write(Case.bytes(head + length + "\r\n" + (ask.isHead() ? "" : body)));
            }
        }
        out.flush();
        return true;
    }

    /** That of the step, where the request asks for it. */
    private static int status(CachingStep step, Message request) {
        int code = step.number("code", 200);
        boolean fits = switch (code) {
            case 304 -> request.has("If-None-Match") || request.has("If-Modified-Since");
            case 206, 416 -> request.has("Range");
            default -> true;
        };
        return fits ? code : 200;
    }

    private static StringBuilder head(
            CachingPlay play, CachingStep step, CachingPlay.Ask ask, boolean isWhole, int number) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + ask.status + " Answered\r\n");
        String answer = step.text("answer", "");
        boolean dated = false;
        for (String line : CachingPlay.lines(answer)) {
            boolean isDate = line.startsWith("Date:");
            dated |= isDate;
            boolean isLeftOut = line.equals("Date: ") || (isWhole && line.startsWith("Content-Range:"));
            if (!isLeftOut) {
                head.append(play.expand(line, number)).append("\r\n");
            }
        }
        if (!dated) {
            head.append("Date: ").append(CachingPlay.date(Instant.now())).append("\r\n");
        }
        if (step.has("reflects")) {
            String value = String.join(", ", ask.request.all(step.text("reflects", "")));
            head.append("X-Reflected: ").append(value).append("\r\n");
        }
        return head;
    }

    private static String chunk(String text) {
        return text.isEmpty() ? "" : Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
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
