package dev.sallyport.plugins.messagepolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testgateway.TestGateway;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A million messages (a hundredth of that in each build) to one who does not read at first: the sender has to wait. */
@Timeout(600)
final class SlowReaderIT {

    private static final int MESSAGES = Boolean.getBoolean("sallyport.proof") ? 1_000_000 : 10_000;

    /** What the kernel keeps in the buffers of four sockets. */
    private static final long BUFFERED_BYTES = 48L << 20;

    @Test
    void slowsTheUpstreamWhereTheClientDoesNotRead() throws Exception {
        run(true);
    }

    @Test
    void slowsTheClientWhereTheUpstreamDoesNotRead() throws Exception {
        run(false);
    }

    private static void run(boolean down) throws Exception {
        try (ServerSocket port = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                TestGateway gateway =
                        TestGateway.with(TestGateway.builtJar()).start("""
                            routes:
                              - {name: all, plugins: [{message-policy: {from: [client, upstream]}}], upstream: "http://127.0.0.1:%d"}
                            """.formatted(port.getLocalPort()))) {
            CompletableFuture<Raw> accepted = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    accepted.complete(Raw.server(port.accept()));
                } catch (Exception e) {
                    accepted.completeExceptionally(e);
                }
            });
            try (Raw client = Raw.client(
                            gateway.address().getHost(), gateway.address().getPort());
                    Raw server = accepted.get(20, TimeUnit.SECONDS)) {
                Raw sender = down ? server : client;
                Raw reader = down ? client : server;
                long start = System.nanoTime();
                Thread sending = Thread.ofVirtual().start(() -> sender.send(MESSAGES));
                AtomicLong before = new AtomicLong(-1);
                await().pollInterval(Duration.ofMillis(500))
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> before.getAndSet(sender.written.get()) == sender.written.get());
                long taken = sender.written.get() * 8192;

                assertThat(taken)
                        .as("bytes taken from the sender while nobody reads")
                        .isLessThan(BUFFERED_BYTES);

                reader.expect(MESSAGES);
                sending.join();
                System.out.printf(
                        "%,d messages %s in %.1f s, %.1f MiB taken while nobody read%n",
                        MESSAGES, down ? "down" : "up", (System.nanoTime() - start) / 1e9, taken / 1048576.0);
            }
        }
    }
}
