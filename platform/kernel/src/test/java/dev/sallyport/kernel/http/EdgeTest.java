package dev.sallyport.kernel.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Next;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.chain.Generations;
import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.config.Written;
import dev.sallyport.kernel.tls.Acme;
import dev.sallyport.testkit.TestAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners behind proxies, on Unix sockets, and those that redirect; over real sockets. */
@Timeout(120)
class EdgeTest {

    private static final String PROXY = "proxyProtocol: required\ntrustedProxies: {cidrs: [127.0.0.0/8]}";
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    @TempDir
    Path folder;

    private final AtomicReference<Next> entry = new AtomicReference<>();
    private final AtomicReference<Serving> serving = new AtomicReference<>();
    private Listeners listeners;
    private int port;

    @BeforeEach
    void start() {
        serving.set(Serving.of(Generations.of(request -> entry.get().proceed(request))));
        listeners = new Listeners(serving, exchange -> {}, new Acme(Path.of("target", "acme")));
        entry.set(request -> Response.text(
                200,
                request.exchange().client().getHostAddress() + " "
                        + request.exchange().peer().getPort() + " "
                        + request.headers().get("x-forwarded-for")));
    }

    private void listen(String... keys) throws IOException {
        ListenerConfig listener = Written.listener(keys);
        Serving before = serving.get();
        serving.set(new Serving(
                before.generation(),
                before.requestIds(),
                Map.of(
                        "web",
                        new Serving.Rules(
                                new ClientAddress(listener.trustedProxies()),
                                listener.path(),
                                listener.limits(),
                                listener.redirectTo()))));
        listeners.apply(List.of(listener));
        port = listeners.addresses().get("web").port();
    }

    @AfterEach
    void stop() {
        listeners.close();
    }

    @Test
    void theClientIsWhoTheProxyNames() throws Exception {
        listen(PROXY);

        assertThat(exchange("PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n" + GET))
                .endsWith("203.0.113.7 56324 203.0.113.7");
        assertThat(exchange("PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n"
                        + GET.replace("Host", "X-Forwarded-For: 198.51.100.1\r\nHost")))
                .as("what the client itself says is not believed")
                .endsWith("203.0.113.7 56324 203.0.113.7");
    }

    @Test
    void theClientIsTheProxyWhereItSpeaksForItself() throws Exception {
        listen(PROXY);
        String local = new String(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a20000000"), ISO_8859_1);

        assertThat(exchange(local + GET)).contains("200 OK").contains("127.0.0.1 ");
    }

    @Test
    void takesAHeaderThatComesByteByByte() throws Exception {
        listen(PROXY);

        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.setTcpNoDelay(true);
            for (char c : "PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n".toCharArray()) {
                client.getOutputStream().write(c);
            }
            client.getOutputStream().write(GET.getBytes(ISO_8859_1));
            assertThat(all(client.getInputStream())).endsWith("203.0.113.7 56324 203.0.113.7");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, "PROXY TCP4 nonsense\r\n" + GET, "\r\n\r\n"})
    void closesWhatDoesNotBeginWithAHeader(String sent) throws Exception {
        listen(PROXY);

        assertThat(exchange(sent.equals("\r\n\r\n") ? sent + "x" : sent)).isEmpty();
    }

    @Test
    void closesConnectionsOfOthersThanTheProxies() throws Exception {
        listen("proxyProtocol: required\ntrustedProxies: {cidrs: [10.0.0.0/8]}");

        assertThat(exchange("PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n" + GET))
                .isEmpty();
    }

    @Test
    void speaksTlsBehindTheHeader() throws Exception {
        TestAuthority authority = new TestAuthority(folder);
        authority.issue("web", "EC", "web.test");
        listen(PROXY + "\ntls: {certificate: " + folder.resolve("web.pem") + ", key: " + folder.resolve("web.key")
                + "}");

        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
            plain.getOutputStream().write("PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n".getBytes(ISO_8859_1));
            SSLSocket client =
                    (SSLSocket) authority.client(null).getSocketFactory().createSocket(plain, "web.test", port, false);
            client.getOutputStream().write(GET.getBytes(ISO_8859_1));
            assertThat(all(client.getInputStream())).endsWith("203.0.113.7 56324 203.0.113.7");
        }
    }

    @Test
    void listensOnAUnixSocketAndRemovesItInTheEnd() throws Exception {
        Path socket = folder.resolve("web.sock");
        listen("address: unix:" + socket, "socketMode: 600");

        assertThat(overUnix(socket, GET)).contains("200 OK").endsWith("127.0.0.1 0 127.0.0.1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        listeners.stopAccepting();

        await().until(() -> Files.notExists(socket));
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void takesTheProxysWordOverAUnixSocket() throws Exception {
        Path socket = folder.resolve("web.sock");
        listen("address: unix:" + socket, "proxyProtocol: required");

        assertThat(overUnix(socket, "PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n" + GET))
                .endsWith("203.0.113.7 56324 203.0.113.7");
    }

    @Test
    void takesOverASocketThatNobodyListensAt() throws Exception {
        Path socket = folder.resolve("web.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();

        listen("address: unix:" + socket);

        assertThat(overUnix(socket, GET)).contains("200 OK");
    }

    @Test
    void leavesASocketAloneAtWhichAnotherListens() throws Exception {
        Path socket = folder.resolve("web.sock");
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket));

            assertThatThrownBy(() -> listen("address: unix:" + socket))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(
                            "listener web: cannot bind unix:" + socket + ": another process listens there");
            assertThat(socket).exists();
        }
    }

    @Test
    void leavesAFileAloneThatIsNoSocket() throws Exception {
        Path file = Files.writeString(folder.resolve("web.sock"), "precious");

        assertThatThrownBy(() -> listen("address: unix:" + file)).hasMessageContaining("a file that is no socket");
        assertThat(file).hasContent("precious");
    }

    @Test
    void bindsASocketAnewUnderOtherRules() throws Exception {
        Path socket = folder.resolve("web.sock");
        listen("address: unix:" + socket);
        listen("address: unix:" + socket, "socketMode: 666");

        assertThat(overUnix(socket, GET)).contains("200 OK");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-rw-rw-");
    }

    @Test
    void redirectsToThatOrigin() throws Exception {
        listen("redirectTo: https://shop.example.com");

        assertThat(exchange(GET.replace("GET /", "POST /a%2Fb/;c?d=%20&e")))
                .startsWith("HTTP/1.1 308 ")
                .containsIgnoringCase("location: https://shop.example.com/a%2Fb/;c?d=%20&e\r\n");
    }

    @Test
    void redirectsToAListenerUnderTheNameThatTheClientUses() throws Exception {
        TestAuthority authority = new TestAuthority(folder);
        authority.issue("web", "EC", "web.test");
        listen("redirectTo: secure");
        ListenerConfig secure = Written.listener(
                "name: secure",
                "tls: {certificate: " + folder.resolve("web.pem") + ", key: " + folder.resolve("web.key") + "}");
        listeners.apply(List.of(Written.listener("redirectTo: secure"), secure));
        port = listeners.addresses().get("web").port();
        int to = listeners.addresses().get("secure").port();

        assertThat(exchange(GET.replace("Host: x", "Host: shop.example.com:8080")))
                .containsIgnoringCase("location: https://shop.example.com:" + to + "/\r\n");
        assertThat(exchange(GET.replace("Host: x", "Host: a b"))).startsWith("HTTP/1.1 400 ");
        assertThat(exchange(GET.replace("Host: x", "Host: user@evil.example"))).startsWith("HTTP/1.1 400 ");
        assertThat(exchange(GET.replace("Host: x", "Host:"))).startsWith("HTTP/1.1 400 ");
    }

    private String exchange(String sent) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.getOutputStream().write(sent.getBytes(ISO_8859_1));
            return all(client.getInputStream());
        }
    }

    private static String overUnix(Path socket, String sent) throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            client.write(ByteBuffer.wrap(sent.getBytes(ISO_8859_1)));
            return all(Channels.newInputStream(client));
        }
    }

    /** What comes until the end; a reset is an end too. */
    private static String all(InputStream in) {
        StringBuilder all = new StringBuilder();
        try {
            for (int c = in.read(); c >= 0; c = in.read()) {
                all.append((char) c);
            }
        } catch (IOException reset) {
            return all.toString();
        }
        return all.toString();
    }
}
