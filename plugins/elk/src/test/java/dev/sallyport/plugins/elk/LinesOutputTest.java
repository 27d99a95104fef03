package dev.sallyport.plugins.elk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Receivers that take a connection and nothing else. */
@Timeout(60)
final class LinesOutputTest {

    private static final List<Entry> MUCH = List.of(new Entry("a", new byte[15 << 20]));

    @TempDir
    Path folder;

    /** A context with one certificate for 127.0.0.1, that it also trusts. */
    private SSLContext tls() throws Exception {
        Path store = folder.resolve("store.p12");
        Process made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "a",
                        "-dname",
                        "CN=a",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storepass",
                        "secret",
                        "-keystore",
                        store.toString())
                .start();
        assertThat(made.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(keys, "secret".toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    /** Shakes hands and then reads nothing. */
    private static Thread shakeHands(ServerSocket listening, CountDownLatch end) {
        return Thread.ofVirtual().start(() -> {
            try (SSLSocket socket = (SSLSocket) listening.accept()) {
                socket.startHandshake();
                end.await();
            } catch (IOException | InterruptedException e) {
                // the other side has gone
            }
        });
    }

    @Test
    void givesUpAReceiverThatTakesNothingAndSaysSo() throws Exception {
        SSLContext tls = tls();
        CountDownLatch end = new CountDownLatch(1);
        try (ServerSocket listening =
                tls.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            shakeHands(listening, end);
            LinesOutput output = new LinesOutput(
                    URI.create("tls://127.0.0.1:" + listening.getLocalPort()), tls, Duration.ofMillis(1500));

            Outcome outcome = output.send(MUCH, null);

            assertThat(outcome.isUnknown()).isTrue();
            assertThat(outcome.trouble().kind()).isEqualTo(Trouble.Kind.AWAY);
            assertThat(outcome.trouble().reason()).contains("takes nothing for 1500 ms");
            output.close();
        } finally {
            end.countDown();
        }
    }

    @Test
    void isClosedAtOnceWhileAReceiverOfTlsTakesNothing() throws Exception {
        SSLContext tls = tls();
        CountDownLatch end = new CountDownLatch(1);
        try (ServerSocket listening =
                tls.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            shakeHands(listening, end);
            LinesOutput output = new LinesOutput(
                    URI.create("tls://127.0.0.1:" + listening.getLocalPort()), tls, Duration.ofMinutes(10));
            Outcome[] outcome = new Outcome[1];
            Thread sending = Thread.ofPlatform().start(() -> outcome[0] = output.send(MUCH, null));
            while (!List.of(sending.getStackTrace()).toString().contains("LinesOutput.write(")) {
                Thread.onSpinWait();
            }

            output.close();

            sending.join();
            assertThat(outcome[0].isUnknown()).isTrue();
        } finally {
            end.countDown();
        }
    }

    @Test
    void connectsToNobodyOnceItIsClosed() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            LinesOutput output = new LinesOutput(
                    URI.create("tcp://127.0.0.1:" + listening.getLocalPort()), null, Duration.ofSeconds(5));
            output.close();

            Outcome outcome = output.send(MUCH, null);

            assertThat(outcome.isUnknown()).isFalse();
            assertThat(outcome.again()).hasSize(1);
        }
    }
}
