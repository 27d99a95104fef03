package dev.sallyport.kernel.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.sallyport.kernel.Gateway;
import dev.sallyport.kernel.balance.TargetGroup;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.discovery.Feed;
import dev.sallyport.kernel.discovery.NameServer;
import dev.sallyport.kernel.log.GatewayLog;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import dev.sallyport.testkit.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A change that moves lines and says nothing else leaves everything as it is. */
@Timeout(120)
final class MovedLinesTest {

    private static final String MOVED = "# a line that moves all others\n\n";

    @TempDir
    private Path home;

    private final List<InetSocketAddress> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger checks = new AtomicInteger();
    private final AtomicInteger orders = new AtomicInteger();
    private HttpServer service;
    private NameServer names;
    private ServerSocket authority;
    private TestAuthority certificates;
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/healthz")) {
                checks.incrementAndGet();
            } else {
                asked.add(exchange.getRemoteAddress());
            }
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        service.start();
        names = NameServer.start();
        names.answers("found.test. 300 A 127.0.0.1");
        authority = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::keepSilent);
        OwnerOnly.createFolder(home.resolve("plugins"));
        PluginJar.stamp("hello", "1.0.0").build(home.resolve("plugins/hello.jar"));
        certificates = new TestAuthority(home.resolve("tls"));
        certificates.issue("web", "EC", "web.test");
        write(config("1", "one@example.test"));
        gateway = Gateway.start(home.resolve("gateway.yaml"), home, GatewayLog.untouched());
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        service.stop(0);
        names.close();
        authority.close();
    }

    /** An authority that takes orders, and lets those who give them wait. */
    private void keepSilent() {
        List<Socket> waiting = new CopyOnWriteArrayList<>();
        try {
            while (true) {
                waiting.add(authority.accept());
                orders.incrementAndGet();
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private String config(String healthyAfter, String email) {
        return """
            listeners:
              - {name: web, address: "127.0.0.1:0", protocols: [http1]}
              - {name: secure, address: "127.0.0.1:0", tls: {certificate: tls/web.pem, key: tls/web.key}}
              - name: automatic
                address: "127.0.0.1:0"
                tls:
                  acme:
                    directory: "https://localhost:%d/dir"
                    domains: [shop.example.test]
                    email: %s
                    agreeToTerms: true
            status: {address: "127.0.0.1:0"}
            admin: {address: "127.0.0.1:0"}
            upstreams:
              orders:
                targets: [{url: "http://127.0.0.1:%d", weight: 2}]
                balance: {consistent-hash: {by: header.x-user}}
                outliers: {statuses: [503]}
                adaptiveConcurrency: {start: 20}
                health: {path: /healthz, interval: 1h, healthyAfter: %s}
              found:
                discover: {dns: {name: found.test, port: 80, resolver: "%s"}}
            routes:
              - {name: orders, match: {paths: [/**]}, upstream: orders}
              - {name: stamped, match: {paths: [/stamped]}, plugins: [{acme/hello: {header: x}}]}
              - {name: found, match: {paths: [/found]}, upstream: found}
            """.formatted(
                        authority.getLocalPort(), email, service.getAddress().getPort(), healthyAfter, names.address());
    }

    private void write(String yaml) throws IOException {
        Files.writeString(home.resolve("gateway.yaml"), yaml);
    }

    private ReloadResult reload(String yaml) throws IOException {
        write(yaml);
        ReloadResult result = gateway.reload("test");
        assertThat(result.applied()).as("%s", result).isTrue();
        return result;
    }

    @Test
    void keepsStepsGroupsAndListsOfTargets() throws Exception {
        Generation before = gateway.generation();
        Map<String, TargetGroup> groups = before.groups();
        Feed feed = before.discovered().feed("found");

        ReloadResult result = reload(MOVED + config("1", "one@example.test"));

        Generation after = gateway.generation();
        assertThat(after).isNotSameAs(before);
        assertThat(result.created()).isZero();
        assertThat(result.kept()).isOne();
        assertThat(after.groups().get("orders")).isSameAs(groups.get("orders"));
        assertThat(after.groups().get("found")).isSameAs(groups.get("found"));
        assertThat(after.discovered().feed("found")).isNotNull().isSameAs(feed);
    }

    @Test
    void keepsListenersAndConnectionsOnBothSides() throws Exception {
        Map<String, Address> addresses = gateway.addresses();
        try (Socket client = new Socket("127.0.0.1", addresses.get("web").port())) {
            assertThat(ask(client)).startsWith("HTTP/1.1 204 ").doesNotContainIgnoringCase("connection: close");

            reload(MOVED + config("1", "one@example.test"));

            assertThat(gateway.addresses()).isEqualTo(addresses);
            assertThat(ask(client)).startsWith("HTTP/1.1 204 ").doesNotContainIgnoringCase("connection: close");
        }
        assertThat(asked).hasSize(2);
        assertThat(asked.get(1)).as("over the same connection").isEqualTo(asked.get(0));
    }

    @Test
    void beginsNoCheckOfHealthAnew() throws Exception {
        await().until(() -> checks.get() == 1);

        reload(MOVED + config("1", "one@example.test"));
        reload(MOVED + config("2", "one@example.test"));

        await().until(() -> checks.get() > 1);
        assertThat(checks).as("the second one by the second change").hasValue(2);
    }

    @Test
    void beginsNoOrderOfACertificateAnew() throws Exception {
        await().until(() -> orders.get() == 1);

        reload(MOVED + config("1", "one@example.test"));
        reload(MOVED + config("1", "two@example.test"));

        await().until(() -> orders.get() > 1);
        assertThat(orders).as("the second one by the second change").hasValue(2);
    }

    @Test
    void keepsTheSessionsOfTls() throws Exception {
        SSLContext trusting = certificates.client(null);
        byte[] first = session(trusting);

        reload(MOVED + config("1", "one@example.test"));

        assertThat(session(trusting)).isEqualTo(first);
    }

    /** The identity of the session, which is the same where it was resumed. */
    private byte[] session(SSLContext trusting) throws IOException {
        int port = gateway.addresses().get("secure").port();
        try (SSLSocket client = (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", port)) {
            client.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThat(ask(client)).startsWith("HTTP/1.1 204 ");
            return client.getSession().getId();
        }
    }

    private static String ask(Socket client) throws IOException {
        client.getOutputStream().write("GET / HTTP/1.1\r\nHost: web.test\r\nX-User: ann\r\n\r\n".getBytes(ISO_8859_1));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = client.getInputStream().read();
            if (c < 0) {
                throw new IOException("closed after: " + head);
            }
            head.append((char) c);
        }
        return head.toString();
    }
}
