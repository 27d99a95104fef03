package dev.sallyport.plugins.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.plugins.accesslog.Destination.Facility;
import dev.sallyport.plugins.accesslog.Destination.Syslog;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.TestAuthority;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server is a real rsyslogd. */
final class SyslogIT {

    private static final int MOST = 4 << 20;

    @TempDir
    Path folder;

    @Test
    void linesArriveWholeWithPriorityTimeAndName() throws Exception {
        try (Rsyslog rsyslog = new Rsyslog(folder.resolve("rsyslog"), null, false);
                FakeContext context = FakeContext.create()) {
            Syslog to = new Syslog(rsyslog.address(), null, Facility.LOCAL3, "edge");
            String line = "{\"path\":\"/é日😀\",\"more\":\"" + "x".repeat(10_000) + "\"}";

            try (LineWriter writer = writer(to, context)) {
                writer.write(line, MOST, new Counts(context.meter(), () -> 0));
            }

            await().untilAsserted(() ->
                    assertThat(rsyslog.messages()).containsExactly("158|edge|access|2026-01-01T00:00:00.000Z|" + line));
        }
    }

    @Test
    void whatComesWhileTheServerIsKilledAndAwayArrivesOnceItIsBack() throws Exception {
        try (Rsyslog rsyslog = new Rsyslog(folder.resolve("rsyslog"), null, false);
                FakeContext context = FakeContext.create()) {
            killedAndRestarted(rsyslog, new Syslog(rsyslog.address(), null, Facility.LOCAL0, "sallyport"), context);
        }
    }

    @Test
    void theSameWithTls() throws Exception {
        new TestAuthority(folder.resolve("ca")).issue("server", "RSA", "localhost", "127.0.0.1");
        try (Rsyslog rsyslog = new Rsyslog(folder.resolve("rsyslog"), folder.resolve("ca"), false);
                FakeContext context = FakeContext.create()) {
            Tls tls = new Tls(folder.resolve("ca/ca.pem"), null, null, null, true);
            killedAndRestarted(rsyslog, new Syslog(rsyslog.address(), tls, Facility.LOCAL0, "sallyport"), context);
        }
    }

    @Test
    void theGatewayShowsItsCertificateWhereTheServerAsksForOne() throws Exception {
        TestAuthority authority = new TestAuthority(folder.resolve("ca"));
        authority.issue("server", "RSA", "localhost", "127.0.0.1");
        authority.issue("gateway", "RSA", "gateway.test");
        try (Rsyslog rsyslog = new Rsyslog(folder.resolve("rsyslog"), folder.resolve("ca"), true);
                FakeContext context = FakeContext.create()) {
            Tls tls = new Tls(
                    folder.resolve("ca/ca.pem"),
                    folder.resolve("ca/gateway.pem"),
                    folder.resolve("ca/gateway.key"),
                    "localhost",
                    true);
            try (LineWriter writer =
                    writer(new Syslog(rsyslog.address(), tls, Facility.LOCAL0, "sallyport"), context)) {
                writer.write("hello", MOST, new Counts(context.meter(), () -> 0));

                await().untilAsserted(() -> assertThat(rsyslog.messages())
                        .singleElement()
                        .asString()
                        .endsWith("|hello"));
            }
        }
    }

    @Test
    void aServerWhoseCertificateIsOfAnotherNameGetsNothing() throws Exception {
        new TestAuthority(folder.resolve("ca")).issue("server", "RSA", "elsewhere.test");
        try (Rsyslog rsyslog = new Rsyslog(folder.resolve("rsyslog"), folder.resolve("ca"), false);
                FakeContext context = FakeContext.create()) {
            Tls tls = new Tls(folder.resolve("ca/ca.pem"), null, null, null, true);
            LineWriter writer = new LineWriter(
                    new Syslog(rsyslog.address(), tls, Facility.LOCAL0, "sallyport")
                            .open(context.clock(), context.logger()),
                    "test",
                    context.logger(),
                    Duration.ofMillis(50));
            writer.write("secret", MOST, new Counts(context.meter(), () -> 0));

            await().untilAsserted(() ->
                    assertThat(context.log()).anyMatch(each -> each.contains("waits for it, since javax.net.ssl")));
            writer.close();

            assertThat(rsyslog.messages()).isEmpty();
            assertThat(context.log()).anyMatch(each -> each.contains("1 lines dropped"));
        }
    }

    /** Whose buffers fill up. */
    @Test
    @Timeout(60)
    void closeDoesNotWaitForAServerThatReadsNothing() throws Exception {
        try (ServerSocket server = new ServerSocket(0);
                FakeContext context = FakeContext.create()) {
            Syslog to =
                    new Syslog(new HostAndPort("127.0.0.1", server.getLocalPort()), null, Facility.LOCAL0, "sallyport");
            LineWriter writer = new LineWriter(
                    to.open(context.clock(), context.logger()), "test", context.logger(), Duration.ofMillis(50));
            Counts counts = new Counts(context.meter(), () -> 0);
            for (int i = 0; i < 1_000; i++) {
                writer.write("x".repeat(20_000), 1 << 30, counts);
            }
            try (Socket accepted = server.accept()) {
                assertThat(accepted.isConnected()).isTrue();

                writer.close();

                assertThat(context.log()).anyMatch(each -> each.contains("lines dropped"));
                writer.thread().join();
            }
        }
    }

    private static void killedAndRestarted(Rsyslog rsyslog, Syslog to, FakeContext context) throws Exception {
        Counts counts = new Counts(context.meter(), () -> 0);
        try (LineWriter writer = writer(to, context)) {
            write(writer, counts, 0, 1_000);
            await().until(() -> arrived(rsyslog, 0, 1_000));

            rsyslog.kill();
            write(writer, counts, 1_000, 2_000);
            await().untilAsserted(() -> assertThat(context.log()).anyMatch(each -> each.contains("waits for it")));
            write(writer, counts, 2_000, 3_000);
            rsyslog.start();

            await().until(() -> arrived(rsyslog, 0, 3_000));
            assertThat(rsyslog.messages()).hasSize(3_000);
            await().untilAsserted(() -> assertThat(context.log()).anyMatch(each -> each.contains("goes on")));
        }
        assertThat(context.log()).noneMatch(each -> each.contains("dropped"));
    }

    private static boolean arrived(Rsyslog rsyslog, int from, int to) throws IOException {
        List<String> texts = rsyslog.messages().stream()
                .map(message -> message.substring(message.lastIndexOf('|') + 1))
                .toList();
        return texts.containsAll(
                IntStream.range(from, to).mapToObj(i -> "line " + i).toList());
    }

    private static void write(LineWriter writer, Counts counts, int from, int to) {
        IntStream.range(from, to).forEach(i -> writer.write("line " + i, MOST, counts));
    }

    private static LineWriter writer(Syslog to, FakeContext context) throws IOException {
        return new LineWriter(to.open(context.clock(), context.logger()), to.toString(), context.logger());
    }
}
