package dev.sallyport.kernel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Response;
import dev.sallyport.kernel.chain.Generations;
import dev.sallyport.kernel.config.Written;
import dev.sallyport.kernel.tls.Acme;
import dev.sallyport.testkit.TestAuthority;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates by ACME, against Pebble, the test server of Let's Encrypt, where it is installed. */
@Timeout(180)
class AcmeTest {

    private static final String NAME = "gateway.example.test";

    @TempDir
    Path folder;

    private final AtomicReference<Serving> serving = new AtomicReference<>();
    private TestAuthority authority;
    private Acme acme;
    private Listeners listeners;
    private Process pebble;
    private DatagramSocket names;
    private int directory;
    private int secure;

    @BeforeEach
    void prepare() throws Exception {
        authority = new TestAuthority(folder.resolve("authority"));
        authority.issue("pebble", "EC", "localhost");
        serving.set(Serving.of(Generations.of(request -> Response.text(200, "hello"))));
        acme = new Acme(folder.resolve("acme"));
        listeners = new Listeners(serving, exchange -> {}, acme);
        directory = freePort();
        secure = freePort();
    }

    @AfterEach
    void stop() throws Exception {
        listeners.close();
        acme.close();
        if (pebble != null) {
            pebble.destroy();
            pebble.waitFor(20, TimeUnit.SECONDS);
        }
        if (names != null) {
            names.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http-01", "tls-alpn-01"})
    void getsACertificateAndKeepsIt(String challenge) throws Exception {
        assumeThat(Path.of("/usr/bin/pebble"))
                .as("pebble is not installed here: certificates by ACME are not shown")
                .exists();
        int plain = freePort();
        startPebble(plain);

        listen(challenge, plain);

        await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
            assertThat(shown().getIssuerX500Principal().getName()).contains("Pebble");
            assertThat(listeners.degraded()).isEmpty();
        });
        assertThat(shown().getSubjectAlternativeNames().toString()).contains(NAME);
        Path kept = folder.resolve("acme").resolve("localhost_" + directory).resolve(NAME + ".pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");

        X509Certificate before = shown();
        restart();
        listen(challenge, plain);

        assertThat(shown()).as("after a restart").isEqualTo(before);
        assertThat(listeners.degraded()).isEmpty();

        Files.delete(kept);
        restart();
        listen(challenge, plain);

        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(shown().getIssuerX500Principal().getName())
                        .as("another one, of the same account")
                        .contains("Pebble"));
    }

    private void restart() {
        listeners.close();
        acme.close();
        acme = new Acme(folder.resolve("acme"));
        listeners = new Listeners(serving, exchange -> {}, acme);
    }

    @Test
    void showsOneOfItsOwnAndSaysSoUntilThereIsOne() throws Exception {
        listen("http-01", freePort());

        assertThat(shown().getSubjectX500Principal().getName()).contains("no certificate yet");
        assertThat(listeners.degraded()).singleElement().asString().contains("no certificate for " + NAME);
    }

    private void listen(String challenge, int plain) throws IOException {
        listeners.apply(List.of(
                Written.listener("name: plain", "address: 127.0.0.1:" + plain, "redirectTo: https://" + NAME),
                Written.listener(
                        "address: 127.0.0.1:" + secure,
                        "tls:",
                        "  acme:",
                        "    directory: https://localhost:" + directory + "/dir",
                        "    domains: [" + NAME + "]",
                        "    email: admin@example.test",
                        "    agreeToTerms: true",
                        "    challenge: " + challenge,
                        "    directoryCa: " + authority.file("ca.pem"))));
    }

    private void startPebble(int plain) throws Exception {
        names = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::answerNames);
        Path config = Files.writeString(folder.resolve("pebble.json"), """
            {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
              "certificate": "%s", "privateKey": "%s", "httpPort": %d, "tlsPort": %d}}
            """.formatted(
                directory, freePort(), authority.file("pebble.pem"), authority.file("pebble.key"), plain, secure));
        ProcessBuilder builder = new ProcessBuilder(
                        "/usr/bin/pebble",
                        "-config",
                        config.toString(),
                        "-dnsserver",
                        "127.0.0.1:" + names.getLocalPort())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("pebble.log").toFile());
        builder.environment().put("PEBBLE_VA_NOSLEEP", "1");
        pebble = builder.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            try (Socket probe = new Socket("127.0.0.1", directory)) {
                return probe.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    /** Every name is at 127.0.0.1. */
    private void answerNames() {
        byte[] bytes = new byte[512];
        try {
            while (true) {
                DatagramPacket query = new DatagramPacket(bytes, bytes.length);
                names.receive(query);
                int end = 12;
                while (bytes[end] != 0) {
                    end += bytes[end] + 1;
                }
                end += 5;
                boolean v4 = bytes[end - 3] == 1;
                ByteBuffer answer = ByteBuffer.allocate(600).put(Arrays.copyOf(bytes, end));
                answer.putShort(2, (short) 0x8180)
                        .putShort(6, (short) (v4 ? 1 : 0))
                        .putInt(8, 0);
                if (v4) {
                    answer.putShort((short) 0xc00c)
                            .putInt(0x00010001)
                            .putInt(60)
                            .putShort((short) 4)
                            .put(new byte[] {127, 0, 0, 1});
                }
                names.send(new DatagramPacket(answer.array(), answer.position(), query.getSocketAddress()));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private X509Certificate shown() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        try (SSLSocket client =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), secure)) {
            SSLParameters parameters = client.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(NAME)));
            client.setSSLParameters(parameters);
            client.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + NAME + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            assertThat(client.getInputStream().read()).isEqualTo('H');
            return (X509Certificate) client.getSession().getPeerCertificates()[0];
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The question is what is shown, not by whom it is signed. */
    private static final class Anybody implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
