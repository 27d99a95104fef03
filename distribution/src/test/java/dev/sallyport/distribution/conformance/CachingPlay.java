package dev.sallyport.distribution.conformance;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A case while it is played: the client's side of it, and what the target is to do and has seen. */
final class CachingPlay {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);
    private static final Pattern TIME = Pattern.compile("\\$(-?[0-9]+)");
    private static final Pattern LONG = Pattern.compile("@([0-9]+)");
    private static final long UNTIL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int PAUSE_MILLIS = 100;

    /** One request at the target. */
    static final class Ask {
        final Message request;
        final int status;
        volatile String body = "";

        /** It was to wait for the client's response, and that did not come. */
        volatile boolean blocked;

        Ask(Message request, int status) {
            this.request = request;
            this.status = status;
        }

        boolean isHead() {
            return request.line.startsWith("HEAD ");
        }
    }

    final CachingCase script;
    final List<Ask> asks = new CopyOnWriteArrayList<>();
    private final boolean strict;
    private final int port;
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    /** The answers that came whole from the target, by the number of the step. */
    final ConcurrentHashMap<Integer, Ask> answered = new ConcurrentHashMap<>();

    volatile CachingStep step;
    private volatile CountDownLatch asked = new CountDownLatch(1);

    /** Opens when the client has its response, or all of them. */
    volatile CountDownLatch atClient = new CountDownLatch(1);

    CachingPlay(CachingCase script, boolean strict, int port) {
        this.script = script;
        this.strict = strict;
        this.port = port;
    }

    /** What was not as expected; empty where all was. */
    List<String> play() throws IOException, InterruptedException {
        for (CachingStep one : script.steps()) {
            step = strict ? one.here() : one;
            List<String> wrong = play(step);
            if (!wrong.isEmpty()) {
                return wrong.stream()
                        .map(text -> "request " + one.number() + ": " + text)
                        .toList();
            }
        }
        return List.of();
    }

    private List<String> play(CachingStep here) throws IOException, InterruptedException {
        long end = System.nanoTime() + UNTIL_NANOS;
        String until = here.text("until", "");
        while (true) {
            int before = asks.size();
            asked = new CountDownLatch(1);
            atClient = new CountDownLatch(here.times());
            List<Message> responses = send(here);
            boolean late = System.nanoTime() > end;
            boolean wasAsked = asks.size() > before;
            if (!wasAsked && (here.mayBeStale() || until.equals("asked"))) {
                wasAsked = asked.await(until.isEmpty() ? 2_000 : PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            }
            if (until.equals("asked") && !wasAsked) {
                if (late) {
                    return List.of("the target is never asked");
                }
                continue;
            }
            List<Ask> now = List.copyOf(asks.subList(before, asks.size()));
            List<String> wrong = CachingJudge.judge(this, here, responses, now);
            if (until.equals("seen") && !wrong.isEmpty() && !late) {
                Seen.await(asked, PAUSE_MILLIS);
                continue;
            }
            return wrong;
        }
    }

    private List<Message> send(CachingStep here) throws IOException, InterruptedException {
        if (here.times() == 1) {
            return List.of(exchange(here));
        }
        List<Message> all = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Message>> futures = new ArrayList<>();
            for (int i = 0; i < here.times(); i++) {
                futures.add(clients.submit(() -> exchange(here)));
            }
            for (Future<Message> one : futures) {
                all.add(one.get());
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
        return all;
    }

    /** One request on a connection of its own; a message without a line where no response came. */
    private Message exchange(CachingStep here) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Seen.PATIENCE_MILLIS * 2);
            String method = here.text("method", "GET");
            socket.getOutputStream().write(Case.bytes(request(here, method)));
            MessageReader reader = new MessageReader(new BufferedInputStream(socket.getInputStream()));
            List<Integer> interims = new ArrayList<>();
            while (true) {
                Message response = reader.response(method, any -> {});
                if (response == null) {
                    return new Message();
                }
                if (response.status() >= 200) {
                    response.interims.addAll(interims);
                    return response;
                }
                interims.add(response.status());
            }
        } finally {
            atClient.countDown();
        }
    }

    private String request(CachingStep here, String method) {
        StringBuilder text = new StringBuilder()
                .append(method)
                .append(' ')
                .append(script.url())
                .append(here.text("path", ""))
                .append(" HTTP/1.1\r\n");
        String fields = here.text("send", "");
        if (!fields.startsWith("Host:") && !fields.contains("¶Host:")) {
            text.append("Host: a\r\n");
        }
        for (String field : lines(fields)) {
            text.append(expand(field, 0)).append("\r\n");
        }
        String content = here.text("content", "");
        if (here.how().equals("send-chunked")) {
            text.append("Transfer-Encoding: chunked\r\n\r\n")
                    .append(Integer.toHexString(content.length()))
                    .append("\r\n")
                    .append(content)
                    .append("\r\n0\r\n\r\n");
        } else if (here.has("content")) {
            text.append("Content-Length: ")
                    .append(content.length())
                    .append("\r\n\r\n")
                    .append(content);
        } else {
            text.append("\r\n");
        }
        return text.toString();
    }

    static List<String> lines(String fields) {
        return fields.isEmpty() ? List.of() : List.of(fields.split("¶", -1));
    }

    /** A text of the case with its dates, its path and its long values. */
    String expand(String text, int number) {
        String dated = TIME.matcher(text).replaceAll(found -> date(start.plusSeconds(Long.parseLong(found.group(1)))));
        String all = LONG.matcher(dated).replaceAll(found -> letters(Integer.parseInt(found.group(1))));
        return all.replace("$url", script.url()).replace("$number", Integer.toString(number));
    }

    static String date(Instant time) {
        return DATE.format(time.atOffset(ZoneOffset.UTC));
    }

    private static String letters(int count) {
        StringBuilder letters = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            letters.append((char) ('a' + (i * 7 + i / 26) % 26));
        }
        return letters.toString();
    }

    void cameAt(Ask ask) {
        asks.add(ask);
        asked.countDown();
    }
}
