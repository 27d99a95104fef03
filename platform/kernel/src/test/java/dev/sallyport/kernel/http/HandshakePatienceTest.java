package dev.sallyport.kernel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.kernel.http.LimitHits.Limit;
import dev.sallyport.testkit.TestAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a listener with TLS waits for the handshake, and for the first request after it. */
@Timeout(60)
class HandshakePatienceTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: web.test\r\nConnection: close\r\n\r\n";

    @TempDir
    private static Path folder;

    private static TestAuthority authority;

    @BeforeAll
    static void issue() throws Exception {
        authority = new TestAuthority(folder);
        authority.issue("web", "EC", "web.test");
    }

    private static String[] keys(String... more) {
        List<String> keys = new ArrayList<>(List.of(more));
        keys.add("limits: {headerTimeout: 400ms}");
        keys.add("tls: {certificate: " + authority.file("web.pem") + ", key: " + authority.file("web.key") + "}");
        return keys.toArray(String[]::new);
    }

    /** The first message of a client. */
    private static byte[] hello() throws Exception {
        SSLEngine engine = authority.client(null).createSSLEngine("web.test", 443);
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        return Arrays.copyOf(hello.array(), hello.position());
    }

    private static SSLSocket secured(Socket plain, String... protocols) throws Exception {
        SSLSocket client =
                (SSLSocket) authority.client(null).getSocketFactory().createSocket(plain, "web.test", 443, true);
        SSLParameters parameters = client.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        client.setSSLParameters(parameters);
        client.startHandshake();
        return client;
    }

    private static void isClosedAndCounted(ListenerFixture web) {
        await().until(() -> web.listeners.connections().get("web") == 0);
        assertThat(web.hits(Limit.HEADER_TIMEOUT)).isOne();
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "5", "100", "all"})
    void endsAHandshakeThatStopsAfterSoManyBytes(String count) throws Exception {
        byte[] hello = hello();
        int sent = count.equals("all") ? hello.length : Integer.parseInt(count);
        try (ListenerFixture web = new ListenerFixture(keys());
                Socket client = web.connect()) {
            client.getOutputStream().write(hello, 0, sent);

            ListenerFixture.readAll(client);

            isClosedAndCounted(web);
        }
    }

    @Test
    void endsAHandshakeThatComesByteByByte() throws Exception {
        byte[] hello = hello();
        try (ListenerFixture web = new ListenerFixture(keys());
                Socket client = web.connect()) {
            Thread drip = Thread.startVirtualThread(() -> drip(client, hello));

            ListenerFixture.readAll(client);

            isClosedAndCounted(web);
            drip.join();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http/1.1", "h2"})
    void endsAConnectionThatSaysNothingAfterItsHandshake(String protocol) throws Exception {
        try (ListenerFixture web = new ListenerFixture(keys("idle: 1h"));
                SSLSocket client = secured(web.connect(), protocol)) {
            ListenerFixture.readAll(client);

            isClosedAndCounted(web);
        }
    }

    @Test
    void endsAConnectionWhosePrefaceOfHttp2DoesNotEnd() throws Exception {
        try (ListenerFixture web = new ListenerFixture(keys("idle: 1h"));
                SSLSocket client = secured(web.connect(), "h2")) {
            ListenerFixture.send(client, "PRI * HTTP/2.0\r\n\r\nSM\r\n");

            ListenerFixture.readAll(client);

            isClosedAndCounted(web);
        }
    }

    @Test
    void answers408WithinTlsToAHeadThatDoesNotCome() throws Exception {
        try (ListenerFixture web = new ListenerFixture(keys());
                SSLSocket client = secured(web.connect(), "http/1.1")) {
            ListenerFixture.send(client, "GET / HTTP/1.1\r\nHost:");

            assertThat(ListenerFixture.readAll(client)).startsWith("HTTP/1.1 408 ");
            isClosedAndCounted(web);
        }
    }

    @Test
    void endsAHandshakeBehindAProxysHeader() throws Exception {
        try (ListenerFixture web =
                        new ListenerFixture(keys("proxyProtocol: required", "trustedProxies: {cidrs: [127.0.0.0/8]}"));
                Socket client = web.connect()) {
            ListenerFixture.send(client, "PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n");
            client.getOutputStream().write(hello(), 0, 100);

            ListenerFixture.readAll(client);

            isClosedAndCounted(web);
        }
    }

    @Test
    void endsAHandshakeOverAUnixSocket(@TempDir Path sockets) throws Exception {
        Path socket = sockets.resolve("web.sock");
        try (ListenerFixture web = new ListenerFixture(keys("address: unix:" + socket));
                SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(socket));
            client.write(ByteBuffer.wrap(hello(), 0, 100));

            InputStream in = Channels.newInputStream(client);
            in.readAllBytes();

            isClosedAndCounted(web);
        }
    }

    @Test
    void servesOthersWhileManyHandshakesHang() throws Exception {
        List<Socket> hanging = new ArrayList<>();
        try (ListenerFixture web = new ListenerFixture(keys())) {
            byte[] hello = hello();
            for (int i = 0; i < 200; i++) {
                Socket one = web.connect();
                hanging.add(one);
                one.getOutputStream().write(hello, 0, 1 + i % hello.length);
            }
            try (SSLSocket client = secured(web.connect(), "http/1.1")) {
                ListenerFixture.send(client, GET);
                assertThat(ListenerFixture.readAll(client)).startsWith("HTTP/1.1 200 ");
            }
            await().until(() -> web.listeners.connections().get("web") == 0);
            assertThat(web.hits(Limit.HEADER_TIMEOUT)).isEqualTo(200);
        } finally {
            for (Socket one : hanging) {
                one.close();
            }
        }
    }

    @Test
    void closesAConnectionAtOnceThatDoesNotSpeakTls() throws Exception {
        try (ListenerFixture web = new ListenerFixture(keys());
                Socket client = web.connect()) {
            ListenerFixture.send(client, GET);

            ListenerFixture.readAll(client);

            await().until(() -> web.listeners.connections().get("web") == 0);
            assertThat(web.hits(Limit.HEADER_TIMEOUT)).isZero();
        }
    }

    private static void drip(Socket client, byte[] bytes) {
        try {
            for (byte each : bytes) {
                client.getOutputStream().write(each);
                Thread.sleep(20);
            }
        } catch (IOException | InterruptedException closed) {
            // as it should be
        }
    }
}
