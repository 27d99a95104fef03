package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections that say nothing for long cost little, and none is lost. */
final class IdleConnectionsIT {

    private static final String LIMITS = """
        version: 1
        listeners: [{name: web, address: "127.0.0.1:0", idle: 1h, limits: {connections: 50000, streamIdle: 1h}}]
        admin: {address: "127.0.0.1:0"}
        status: {address: "127.0.0.1:0"}
        """;

    @Test
    void holdsIdleConnections() throws Exception {
        holdHttp(200, "160m");
    }

    @Test
    void holdsIdleWebSockets() throws Exception {
        holdWebSockets(50, "160m");
    }

    /** As many as {@code ulimit -n} lets one process have, up to 20,000. */
    @Test
    @Tag("proof")
    void holdsTwentyThousandIdleConnections() throws Exception {
        holdHttp(Integer.getInteger("sallyport.idle.http", 19_500), "512m");
    }

    @Test
    @Tag("proof")
    void holdsFiveThousandIdleWebSockets() throws Exception {
        holdWebSockets(Integer.getInteger("sallyport.idle.websockets", 5_000), "512m");
    }

    private static void holdHttp(int count, String heap) throws Exception {
        try (EchoServer echo = new EchoServer();
                Product product = Product.with(LIMITS + "routes: [{name: all, upstream: \"" + echo.address() + "\"}]\n")
                        .heap(heap)
                        .start()) {
            List<RawConnection> kept = new ArrayList<>();
            Memory before = warm(
                    product, () -> ask(new RawConnection(product.address())).close());
            for (int i = 0; i < count; i++) {
                kept.add(ask(ask(new RawConnection(product.address()))));
            }
            awaitConnections(product, count);
            Memory with = Memory.of(product);
            for (RawConnection one : kept) {
                ask(one); // it was not lost
            }
            kept.forEach(RawConnection::close);
            awaitConnections(product, 0);
            report(count + " idle HTTP/1.1 connections", count, 16, before, with, Memory.of(product));
        }
    }

    private static void holdWebSockets(int count, String heap) throws Exception {
        try (WebSocketServer server = new WebSocketServer();
                Product product = Product.with(
                                LIMITS + "routes: [{name: all, upstream: \"" + server.address() + "\"}]\n")
                        .heap(heap)
                        .start()) {
            Memory before = warm(
                    product, () -> upgrade(new RawConnection(product.address())).close());
            List<RawConnection> kept = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                kept.add(upgrade(new RawConnection(product.address())));
            }
            awaitConnections(product, count);
            Memory with = Memory.of(product);
            for (RawConnection one : kept) {
                // a masked text "a", with a mask of zeros
                one.send(new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'a'});
                assertThat(one.readTo("a")).endsWith("a");
            }
            kept.forEach(RawConnection::close);
            awaitConnections(product, 0);
            report(count + " idle WebSockets", count, 64, before, with, Memory.of(product));
        }
    }

    private static RawConnection ask(RawConnection connection) {
        assertThat(connection.send("GET /idle HTTP/1.1\r\nHost: a\r\n\r\n").readTo("0 bytes\n"))
                .startsWith("HTTP/1.1 200");
        return connection;
    }

    private static RawConnection upgrade(RawConnection connection) {
        assertThat(connection
                        .send("GET /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                        .readTo("\r\n\r\n"))
                .startsWith("HTTP/1.1 101");
        return connection;
    }

    private static Memory warm(Product product, Runnable request) throws IOException {
        for (int i = 0; i < 500; i++) {
            request.run();
        }
        awaitConnections(product, 0);
        return Memory.of(product);
    }

    private static void awaitConnections(Product product, int count) {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> product.status()
                        .get("/metrics")
                        .body()
                        .contains("sallyport_connections{listener=\"web\"} " + count + ".0\n"));
    }

    /** @param most how many KiB of heap each may take */
    private static void report(String what, int count, int most, Memory before, Memory with, Memory after) {
        System.out.printf(
                "%s: resident %d KiB before, %d with, %d after; heap in use %d KiB before, %d with, %d after;"
                        + " for each %.1f KiB of heap, %.1f KiB resident%n",
                what,
                before.resident(),
                with.resident(),
                after.resident(),
                before.heap(),
                with.heap(),
                after.heap(),
                (with.heap() - before.heap()) / (double) count,
                (with.resident() - before.resident()) / (double) count);
        assertThat((with.heap() - before.heap()) / count)
                .as("KiB of heap for each")
                .isLessThan(most);
        assertThat(after.heap()).as("heap in KiB after %s", what).isLessThan(before.heap() + 16_000);
    }

    /** In KiB; the heap's after a full collection. */
    private record Memory(long resident, long heap) {

        static Memory of(Product product) {
            return new Memory(product.residentKib(), product.heapKib());
        }
    }
}
