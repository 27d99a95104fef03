package dev.sallyport.kernel.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Exchange;
import dev.sallyport.api.Next;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.chain.Generations;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.config.Written;
import dev.sallyport.kernel.tls.Acme;
import dev.sallyport.testkit.TestAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Listeners with TLS, over real sockets. */
@Timeout(120)
class TlsListenerTest {

    @TempDir
    static Path folder;

    private static TestAuthority authority;
    private static TestAuthority strangers;

    private final AtomicReference<Next> entry = new AtomicReference<>();
    private final AtomicReference<Serving> serving = new AtomicReference<>();
    private Listeners listeners;
    private int port;

    @BeforeAll
    static void certificates() throws Exception {
        authority = new TestAuthority(folder);
        authority.issue("web", "EC", "localhost", "web.test");
        authority.issue("wild", "EC", "*.wild.test");
        authority.issue("exact", "RSA", "exact.wild.test");
        authority.issue("alice", "EC");
        strangers = new TestAuthority(folder.resolve("strange"));
        strangers.issue("mallory", "EC");
    }

    @BeforeEach
    void start() throws Exception {
        serving.set(Serving.of(Generations.of(request -> entry.get().proceed(request))));
        listeners = new Listeners(serving, exchange -> {}, new Acme(Path.of("target", "acme")));
        entry.set(request -> Response.text(
                200,
                request.exchange().scheme() + " " + request.exchange().protocol() + " "
                        + request.headers().get("x-forwarded-proto")));
    }

    private void listen(String... more) throws IOException {
        String[] keys = new String[more.length + 1];
        keys[0] = tls("web", "web");
        System.arraycopy(more, 0, keys, 1, more.length);
        listeners.apply(List.of(Written.listener(String.join("\n", keys))));
        port = listeners.addresses().get("web").port();
    }

    private static String tls(String certificate, String key) {
        return "tls:\n  certificate: " + authority.file(certificate + ".pem") + "\n  key: "
                + authority.file(key + ".key");
    }

    @AfterEach
    void stop() {
        listeners.close();
    }

    @Test
    void negotiatesHttp2AndHttp1() throws Exception {
        listen();

        assertThat(get(HttpClient.Version.HTTP_2)).isEqualTo("https HTTP/2 https");
        assertThat(get(HttpClient.Version.HTTP_1_1)).isEqualTo("https HTTP/1.1 https");
    }

    @Test
    void speaksOnlyWhatTheListenerNames() throws Exception {
        listen("protocols: [http1]");

        assertThat(get(HttpClient.Version.HTTP_2)).isEqualTo("https HTTP/1.1 https");
    }

    @Test
    void speaksHttp1WithClientsThatDoNotNegotiate() throws Exception {
        listen();

        try (SSLSocket client = connect(authority.client(null), "web.test")) {
            send(client, "GET / HTTP/1.1\r\nHost: web.test\r\n\r\n");
            assertThat(readResponse(client)).endsWith("https HTTP/1.1 https");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "web.test,         web",
        "WEB.test,         web",
        "a.wild.test,      wild",
        "exact.wild.test,  exact",
        "a.b.wild.test,    web",
        "wild.test,        web",
        "unknown.test,     web"
    })
    void showsTheCertificateOfTheNameThatIsAskedFor(String name, String shown) throws Exception {
        listen(
                "  certificates:",
                "    - {certificate: " + authority.file("wild.pem") + ", key: " + authority.file("wild.key") + "}",
                "    - {certificate: " + authority.file("exact.pem") + ", key: " + authority.file("exact.key") + "}");

        try (SSLSocket client = connect(authority.client(null), name)) {
            X509Certificate certificate = (X509Certificate) client.getSession().getPeerCertificates()[0];
            assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + shown);
            assertThat(client.getSession().getPeerCertificates()).hasSize(2);
        }
    }

    @Test
    void answers421WhereAConnectionIsUsedForAHostThatItsCertificateDoesNotHave() throws Exception {
        listen(
                "  certificates:",
                "    - {certificate: " + authority.file("wild.pem") + ", key: " + authority.file("wild.key") + "}");

        try (H2Client client = new H2Client(port, authority.client(null), "a.wild.test")) {
            assertThat(client.get("a.wild.test", "/")).startsWith("200 ");
            assertThat(client.get("b.wild.test:" + port, "/")).startsWith("200 ");
            assertThat(client.get("web.test", "/")).startsWith("421 ").contains("misdirected-request");
            assertThat(client.get("a.wild.test", "/")).startsWith("200 ");
        }
        try (H2Client client = new H2Client(port, authority.client(null), "unknown.test")) {
            assertThat(client.get("unknown.test", "/")).startsWith("200 ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.1, ",
        "TLSv1.2, TLS_RSA_WITH_AES_128_GCM_SHA256",
        "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"
    })
    void refusesWhatIsOutdated(String version, String cipher) throws Exception {
        listen();

        assertThatThrownBy(() -> {
                    try (SSLSocket client = unconnected(authority.client(null), "web.test")) {
                        client.setEnabledProtocols(new String[] {version});
                        if (cipher != null) {
                            client.setEnabledCipherSuites(new String[] {cipher});
                        }
                        client.startHandshake();
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void tellsStepsWhatTlsAgreedOn() throws Exception {
        AtomicReference<Exchange.Tls> seen = new AtomicReference<>();
        entry.set(request -> {
            seen.set(request.exchange().tls());
            return Response.of(204);
        });
        listen("  clientAuth: optional", "  clientCa: " + authority.file("ca.pem"));

        try (SSLSocket client = connect(authority.client("alice"), "web.test")) {
            send(client, "GET / HTTP/1.1\r\nHost: web.test\r\n\r\n");
            readHead(client);
        }
        assertThat(seen.get().protocol()).isEqualTo("TLSv1.3");
        assertThat(seen.get().cipherSuite()).startsWith("TLS_");
        assertThat(seen.get().serverName()).isEqualTo("web.test");
        assertThat(seen.get().clientSubject()).isEqualTo("CN=alice");
        assertThat(seen.get().clientCertificates()).isNotEmpty();

        try (SSLSocket client = connect(authority.client(null), "web.test")) {
            send(client, "GET / HTTP/1.1\r\nHost: web.test\r\n\r\n");
            readHead(client);
        }
        assertThat(seen.get().clientSubject()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"required, none", "required, mallory", "optional, mallory"})
    void endsTheHandshakeOfClientsWhoseCertificateIsNotGood(String auth, String who) throws Exception {
        listen("  clientAuth: " + auth, "  clientCa: " + authority.file("ca.pem"));
        SSLContext client = who.equals("none") ? authority.client(null) : strangers.client(who, authority);

        assertThatThrownBy(() -> {
                    try (SSLSocket socket = connect(client, "web.test")) {
                        send(socket, "GET / HTTP/1.1\r\nHost: web.test\r\n\r\n");
                        readHead(socket);
                    }
                })
                .isInstanceOfAny(IOException.class, AssertionError.class);
    }

    @Test
    void takesNewFilesWithoutDroppingAnybody() throws Exception {
        Path certificate = folder.resolve("live.pem");
        Path key = folder.resolve("live.key");
        copy("wild", certificate, key);
        listeners.apply(List.of(Written.listener("tls:\n  certificate: " + certificate + "\n  key: " + key)));
        port = listeners.addresses().get("web").port();

        try (SSLSocket before = connect(authority.client(null), "web.test")) {
            copy("web", certificate, key);
            listeners.reloadCertificates();

            assertThat(shown("web.test")).isEqualTo("CN=web");
            send(before, "GET / HTTP/1.1\r\nHost: web.test\r\n\r\n");
            assertThat(readResponse(before)).startsWith("HTTP/1.1 200 ");
        }
        Files.writeString(certificate, Files.readString(certificate).substring(0, 200));
        listeners.reloadCertificates();

        assertThat(shown("web.test")).isEqualTo("CN=web");
        assertThat(listeners.degraded())
                .singleElement()
                .asString()
                .contains("listener web: " + certificate + ": line 1 begins a CERTIFICATE that does not end");

        copy("exact", certificate, key);
        listeners.reloadCertificates();

        assertThat(shown("web.test")).isEqualTo("CN=exact");
        assertThat(listeners.degraded()).isEmpty();
    }

    @Test
    void takesAnotherConfigurationWithoutBindingAnew() throws Exception {
        listen();
        try (SSLSocket before = connect(authority.client(null), "web.test")) {
            listeners.apply(List.of(Written.listener(tls("exact", "exact"))));

            assertThat(listeners.addresses().get("web").port()).isEqualTo(port);
            assertThat(shown("web.test")).isEqualTo("CN=exact");
            send(before, "GET / HTTP/1.1\r\nHost: web.test\r\n\r\n");
            assertThat(readResponse(before)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void namesTheFileThatCannotBeUsed() {
        assertThatThrownBy(() -> listeners.apply(List.of(Written.listener(tls("web", "wild")))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("listener web: " + authority.file("wild.key") + " is not the key of");
    }

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        entry.set(request -> Response.text(200, request.path()));
        listen();

        try (SSLSocket client = connect(authority.client(null), "web.test")) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: web.test\r\n\r\n");
            }
            send(client, requests.toString());
            for (int i = 0; i < 50; i++) {
                assertThat(readResponse(client)).endsWith("\r\n\r\n/" + i);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"close_notify", "fin", "reset"})
    void noticesThatTheClientHasGoneWhileAStepWaits(String how) throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        entry.set(request -> {
            CountDownLatch wait = new CountDownLatch(1);
            ((LiveExchange) request.exchange()).cancellation().onCancel(reason -> wait.countDown());
            entered.countDown();
            wait.await();
            cancelled.countDown();
            throw ((LiveExchange) request.exchange()).cancellation().cause();
        });
        listen();

        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        SSLSocket client =
                (SSLSocket) authority.client(null).getSocketFactory().createSocket(plain, "web.test", port, false);
        client.startHandshake();
        send(client, "GET /wait HTTP/1.1\r\nHost: web.test\r\n\r\n");
        entered.await();
        switch (how) {
            case "close_notify" -> client.shutdownOutput();
            case "fin" -> plain.shutdownOutput();
            default -> {
                plain.setSoLinger(true, 0);
                plain.close();
            }
        }

        assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        plain.close();
    }

    private static void copy(String name, Path certificate, Path key) throws IOException {
        Files.copy(authority.file(name + ".pem"), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(authority.file(name + ".key"), key, StandardCopyOption.REPLACE_EXISTING);
    }

    private String shown(String name) throws Exception {
        try (SSLSocket client = connect(authority.client(null), name)) {
            return ((X509Certificate) client.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    private String get(HttpClient.Version version) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(authority.client(null))
                .version(version)
                .build()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private SSLSocket unconnected(SSLContext context, String name) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
        return socket;
    }

    private SSLSocket connect(SSLContext context, String name) throws IOException {
        SSLSocket socket = unconnected(context, name);
        socket.startHandshake();
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String readHead(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            assertThat(c).as("end of stream after: %s", head).isNotNegative();
            head.append((char) c);
        }
        return head.toString();
    }

    private static String readResponse(Socket socket) throws IOException {
        String head = readHead(socket);
        int at = head.indexOf("Content-Length: ") + "Content-Length: ".length();
        int length = Integer.parseInt(head.substring(at, head.indexOf('\r', at)));
        return head + new String(socket.getInputStream().readNBytes(length), ISO_8859_1);
    }
}
