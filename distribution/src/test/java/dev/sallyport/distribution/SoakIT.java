package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients of all kinds at once, half of which leave at some point: nothing of them stays. */
final class SoakIT {

    private static final int CLIENTS = 16;

    private final AtomicLong visits = new AtomicLong();
    private final AtomicLong left = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    @Test
    void nothingStaysOfClientsThatLeave() throws Exception {
        soak(Duration.ofSeconds(6));
    }

    @Test
    @Tag("proof")
    void nothingStaysOfClientsThatLeaveForTenMinutes() throws Exception {
        soak(Duration.ofSeconds(Integer.getInteger("sallyport.soak.seconds", 600)));
    }

    private void soak(Duration time) throws Exception {
        try (EchoServer echo = new EchoServer();
                WebSocketServer sockets = new WebSocketServer();
                StreamServer events = new StreamServer();
                Product product = Product.with(
                                Product.web("""
                                    routes:
                                      - {name: sockets, match: {paths: [/socket]}, upstream: "%s"}
                                      - {name: events, match: {paths: [/events]}, upstream: "%s"}
                                      - {name: all, upstream: "%s"}
                                    """.formatted(sockets.address(), events.address(), echo.address())))
                        .start()) {
            visit(product, events, Duration.ofSeconds(3));
            rest(product, sockets, events);
            Left before = Left.of(product);
            visits.set(0);
            left.set(0);

            visit(product, events, time);

            rest(product, sockets, events);
            Left after = Left.of(product);
            System.out.printf(
                    "soak of %d s: %d visits, %d left before their end%n  before %s%n  after  %s%n",
                    time.toSeconds(), visits.get(), left.get(), before, after);
            assertThat(failures).isEmpty();
            assertThat(product.client().status("/after")).isEqualTo(200);
            assertThat(after.threads()).as("threads").isLessThan(before.threads() + 16);
            assertThat(after.files()).as("open files").isLessThan(before.files() + 64);
            assertThat(after.heap()).as("heap in KiB").isLessThan(before.heap() + 12_000);
        }
    }

    private void visit(Product product, StreamServer events, Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Random random = new Random(i);
            int kind = i % 5;
            clients.add(Thread.startVirtualThread(() -> {
                while (System.nanoTime() - end < 0) {
                    try {
                        visit(product, kind, random);
                        visits.incrementAndGet();
                    } catch (Exception | AssertionError e) {
                        failures.add(kind + ": " + e);
                    }
                }
            }));
        }
        Thread ticking = Thread.startVirtualThread(() -> {
            while (System.nanoTime() - end < 0) {
                events.tick("tick");
                pause(5);
            }
        });
        for (Thread client : clients) {
            while (!client.join(Duration.ofMillis(50))) {
                events.tick("last");
            }
        }
        ticking.join();
    }

    private void visit(Product product, int kind, Random random) throws Exception {
        switch (kind) {
            case 0 -> keepAlive(product, random);
            case 1 -> upload(product, random);
            case 2 -> http2(product, random);
            case 3 -> webSocket(product, random);
            default -> serverSentEvents(product, random);
        }
    }

    private boolean leaves(Random random) {
        boolean leaves = random.nextBoolean();
        if (leaves) {
            left.incrementAndGet();
        }
        return leaves;
    }

    private void keepAlive(Product product, Random random) {
        try (RawConnection connection = new RawConnection(product.address())) {
            for (int i = random.nextInt(10); i >= 0; i--) {
                connection.send("GET /kept HTTP/1.1\r\nHost: a\r\n\r\n").readTo("0 bytes\n");
            }
            connection.send("GET /large?bytes=2000000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            if (leaves(random)) {
                connection.readTo("\r\n\r\n");
            } else {
                assertThat(connection.readAll().length()).isGreaterThan(2_000_000);
            }
        }
    }

    private void upload(Product product, Random random) {
        String body = ("3e8\r\n" + "c".repeat(1000) + "\r\n").repeat(1 + random.nextInt(200)) + "0\r\n\r\n";
        try (RawConnection connection = new RawConnection(product.address())) {
            connection.send("POST /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            if (leaves(random)) {
                connection.send(body.substring(0, random.nextInt(body.length())));
            } else {
                assertThat(connection.send(body).readTo(" bytes\n")).contains("00 bytes");
            }
        }
    }

    private void http2(Product product, Random random) throws Exception {
        try (H2cConnection connection = new H2cConnection(product.address())) {
            for (int i = random.nextInt(20); i >= 0; i--) {
                assertThat(connection.get("/h2").awaitEnd()).isEqualTo("end");
            }
            H2cConnection.Answer large = connection.get("/large?bytes=1000000");
            if (leaves(random)) {
                large.status();
            } else {
                assertThat(large.awaitEnd()).isEqualTo("end");
            }
        }
    }

    private void webSocket(Product product, Random random) {
        try (RawConnection connection = new RawConnection(product.address())) {
            connection
                    .send("GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                    .readTo("\r\n\r\n");
            for (int i = random.nextInt(10); i >= 0; i--) {
                connection.send(new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'a'});
                assertThat(connection.readTo("a")).endsWith("a");
            }
            if (!leaves(random)) {
                connection
                        .send(new byte[] {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xe8})
                        .readAll();
            }
        }
    }

    private void serverSentEvents(Product product, Random random) {
        try (RawConnection connection = new RawConnection(product.address())) {
            connection.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
            left.incrementAndGet();
            for (int i = random.nextInt(3); i >= 0; i--) {
                connection.readTo("\n\n");
            }
        }
    }

    /** Waits until nothing is under way any more, on either side. */
    private static void rest(Product product, WebSocketServer sockets, StreamServer events) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            events.tick("is anybody there");
            String metrics = product.status().get("/metrics").body();
            assertThat(metrics)
                    .contains("sallyport_connections{listener=\"web\"} 0.0\n")
                    .contains("sallyport_exchanges_in_flight 0.0\n");
            assertThat(sockets.sessions()).isEmpty();
            assertThat(events.streams()).isZero();
        });
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a process has: resident and heap in KiB, the heap's after a full collection. */
    private record Left(long threads, long files, long resident, long heap) {

        static Left of(Product product) {
            long pid = product.jvm().pid();
            return new Left(
                    count("/proc/" + pid + "/task"),
                    count("/proc/" + pid + "/fd"),
                    product.residentKib(),
                    product.heapKib());
        }

        private static long count(String folder) {
            if (!Files.isDirectory(Path.of(folder))) {
                return 0; // this system does not tell
            }
            try (Stream<Path> all = Files.list(Path.of(folder))) {
                return all.count();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
