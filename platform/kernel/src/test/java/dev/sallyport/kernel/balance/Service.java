package dev.sallyport.kernel.balance;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A target that a test can make slow, ill, silent or dead, and start again. It answers with its name. */
final class Service implements AutoCloseable {

    /** What it does with a request. */
    enum Mood {
        ANSWERS,
        HANGS,
        RESETS,
        BREAKS_OFF,
        STALLS
    }

    final String name;
    final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger checks = new AtomicInteger();
    final List<String> seen = new CopyOnWriteArrayList<>();
    volatile Mood mood = Mood.ANSWERS;
    volatile int status = 200;
    volatile int health = 200;
    volatile long delayMillis;
    volatile boolean remembers;

    /** How many requests it works on at a time; others wait in it, as they do in a server with a pool of threads. */
    volatile Semaphore workers;

    final AtomicInteger waiting = new AtomicInteger();

    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile ServerSocket server;
    private volatile Thread acceptor;
    private int port;

    Service(String name) throws IOException {
        this.name = name;
        start();
    }

    /** Listens, on the port that it had. */
    void start() throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
        port = listening.getLocalPort();
        server = listening;
        acceptor = Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                try {
                    Socket socket = listening.accept();
                    open.add(socket);
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    /** As a process that is killed: nobody listens, and all connections are closed. */
    void kill() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
        try {
            acceptor.join(); // the port is free only then
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    int open() {
        return open.size();
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (String head = head(in); head != null; head = head(in)) {
                boolean check = head.startsWith("GET /healthz ");
                (check ? checks : requests).incrementAndGet();
                String body = head.toLowerCase(Locale.ROOT).contains("\r\ntransfer-encoding: chunked\r\n")
                        ? head(in) // of the few bytes that tests send it ends as a head does
                        : new String(in.readNBytes(length(head)), StandardCharsets.ISO_8859_1);
                if (remembers && !check) {
                    seen.add(head + body);
                }
                switch (mood) {
                    case HANGS -> in.read();
                    case RESETS -> {
                        socket.setSoLinger(true, 0);
                        return;
                    }
                    case BREAKS_OFF, STALLS -> {
                        String begun = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + name;
                        socket.getOutputStream().write(begun.getBytes(StandardCharsets.ISO_8859_1));
                        if (mood == Mood.BREAKS_OFF) {
                            return;
                        }
                        in.read();
                    }
                    case ANSWERS -> {
                        if (!check && delayMillis > 0) {
                            work();
                        }
                        String answer = "HTTP/1.1 " + (check ? health : status) + " OK\r\nContent-Length: "
                                + name.length() + "\r\n\r\n" + name;
                        socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    }
                }
            }
        } catch (IOException | InterruptedException e) {
            // the gateway has gone, or the test has killed it
        } finally {
            open.remove(socket);
        }
    }

    private void work() throws InterruptedException {
        Semaphore pool = workers;
        if (pool == null) {
            Thread.sleep(delayMillis);
            return;
        }
        waiting.incrementAndGet();
        pool.acquire();
        waiting.decrementAndGet();
        try {
            Thread.sleep(delayMillis);
        } finally {
            pool.release();
        }
    }

    private static int length(String head) {
        for (String line : head.split("\r\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                return Integer.parseInt(line.substring(15).strip());
            }
        }
        return 0;
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < 4 || text.indexOf("\r\n\r\n", text.length() - 4) < 0) {
            int b = in.read();
            if (b < 0) {
                return null;
            }
            text.append((char) b);
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        kill();
    }
}
