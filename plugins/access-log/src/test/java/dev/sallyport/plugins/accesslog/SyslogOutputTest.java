package dev.sallyport.plugins.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.plugins.accesslog.Destination.Facility;
import dev.sallyport.testkit.FakeContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class SyslogOutputTest {

    @Test
    @Timeout(60)
    void aServerThatTakesNothingIsConnectedToAnewOnceItIsAbandoned() throws Exception {
        try (FakeContext context = FakeContext.create();
                ServerSocket server = new ServerSocket(0, 2, InetAddress.getLoopbackAddress());
                SyslogOutput output = new SyslogOutput(
                        new SyslogConnection(HostAndPort.parse("127.0.0.1:" + server.getLocalPort()), null, null),
                        new SyslogMessages(Facility.LOCAL0, "sallyport", context.clock()),
                        "test",
                        context.logger())) {
            AtomicLong begun = new AtomicLong();
            Thread writer = Thread.ofPlatform().daemon().start(() -> {
                List<String> lines = List.of("x".repeat(LineWriter.MOST_AT_ONCE));
                while (!Thread.currentThread().isInterrupted()) {
                    begun.incrementAndGet();
                    try {
                        output.write(lines);
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
            try (Socket hangs = server.accept()) {
                await().during(Duration.ofMillis(500)).until(() -> {
                    long before = begun.get();
                    Thread.sleep(50);
                    return before == begun.get();
                });

                output.abandon();

                try (Socket again = server.accept()) {
                    assertThat(again.getInputStream().readNBytes(8)).hasSize(8);
                }
                assertThat(hangs.isConnected()).isTrue();
            } finally {
                writer.interrupt();
            }
        }
    }
}
