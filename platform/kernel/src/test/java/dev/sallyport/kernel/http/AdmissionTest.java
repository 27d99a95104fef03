package dev.sallyport.kernel.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.kernel.http.LimitHits.Limit;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How many connections a listener takes over a Unix socket, and of clients whom a proxy names. */
@Timeout(60)
class AdmissionTest {

    private static final String PROXY = "proxyProtocol: required";
    private static final String PROXIES = "trustedProxies: {cidrs: [127.0.0.0/8, 198.51.100.0/24]}";
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    @TempDir
    Path folder;

    private final List<AutoCloseable> kept = new ArrayList<>();

    @AfterEach
    void letGo() throws Exception {
        for (AutoCloseable one : kept) {
            one.close();
        }
    }

    @Test
    void closesAConnectionOverAUnixSocketThatIsOneTooMany() throws Exception {
        try (ListenerFixture web = unix("limits: {connections: 2}")) {
            SocketChannel first = connect();
            assertThat(ask(first, GET)).isTrue();
            assertThat(ask(connect(), GET)).isTrue();
            assertThat(web.listeners.connections()).containsEntry("web", 2);

            assertThat(ask(connect(), GET)).isFalse();
            assertThat(web.hits(Limit.CONNECTIONS)).isOne();

            first.close();
            await().until(() -> ask(connect(), GET));
            letGo();
            await().until(() -> web.listeners.connections().get("web") == 0);
        }
    }

    @Test
    void takesAnotherLimitOverAUnixSocketAfterAChange() throws Exception {
        try (ListenerFixture web = unix("limits: {connections: 1}")) {
            assertThat(ask(connect(), GET)).isTrue();
            assertThat(ask(connect(), GET)).isFalse();

            web.change("address: unix:" + socket(), "limits: {connections: 2}");

            assertThat(ask(connect(), GET)).isTrue();
            assertThat(ask(connect(), GET)).isFalse();
        }
    }

    @Test
    void countsTheClientsThatAProxyNames() throws Exception {
        try (ListenerFixture web = new ListenerFixture(PROXY, PROXIES, "limits: {connectionsPerAddress: 2}")) {
            Socket first = web.connect();
            assertThat(ask(first, named("203.0.113.7"))).isTrue();
            assertThat(ask(web.connect(), named("203.0.113.7"))).isTrue();

            assertThat(ask(web.connect(), named("203.0.113.7"))).isFalse();
            assertThat(web.hits(Limit.CONNECTIONS_PER_ADDRESS)).isOne();
            assertThat(ask(web.connect(), named("203.0.113.8")))
                    .as("the same proxy, another client")
                    .isTrue();

            first.close();
            await().until(() -> ask(web.connect(), named("203.0.113.7")));
        }
    }

    @Test
    void countsClientsOfIpv6ByTheirNetwork() throws Exception {
        try (ListenerFixture web = new ListenerFixture(PROXY, PROXIES, "limits: {connectionsPerAddress: 1}")) {
            assertThat(ask(web.connect(), named("2001:db8:0:1::1"))).isTrue();
            assertThat(ask(web.connect(), named("2001:db8:0:1::2"))).isFalse();
            assertThat(ask(web.connect(), named("2001:db8:0:2::1"))).isTrue();
        }
    }

    @Test
    void countsNeitherAProxyThatSpeaksForItselfNorOneThatIsNamed() throws Exception {
        try (ListenerFixture web = new ListenerFixture(PROXY, PROXIES, "limits: {connectionsPerAddress: 1}")) {
            assertThat(ask(web.connect(), "PROXY UNKNOWN\r\n" + GET)).isTrue();
            assertThat(ask(web.connect(), "PROXY UNKNOWN\r\n" + GET)).isTrue();
            assertThat(ask(web.connect(), named("198.51.100.1"))).isTrue();
            assertThat(ask(web.connect(), named("198.51.100.1"))).isTrue();
            assertThat(web.hits(Limit.CONNECTIONS_PER_ADDRESS)).isZero();
        }
    }

    @Test
    void believesNobodyElseAboutItsClient() throws Exception {
        try (ListenerFixture web = new ListenerFixture(
                PROXY, "trustedProxies: {cidrs: [127.0.0.2/32]}", "limits: {connectionsPerAddress: 1}")) {
            assertThat(ask(web.connect("127.0.0.3"), named("203.0.113.7"))).isFalse();
            assertThat(ask(web.connect("127.0.0.2"), named("203.0.113.7")))
                    .as("nobody else has used up the client's share")
                    .isTrue();
        }
    }

    @Test
    void takesAnotherLimitForClientsThatAProxyNamesAfterAChange() throws Exception {
        try (ListenerFixture web = new ListenerFixture(PROXY, PROXIES)) {
            assertThat(ask(web.connect(), named("203.0.113.7"))).isTrue();

            web.change(PROXY, PROXIES, "limits: {connectionsPerAddress: 1}");

            assertThat(ask(web.connect(), named("203.0.113.7"))).isFalse();
            assertThat(ask(web.connect(), named("203.0.113.8"))).isTrue();
        }
    }

    @Test
    void countsTheClientsThatAProxyNamesOverAUnixSocket() throws Exception {
        try (ListenerFixture web = unix(PROXY, "limits: {connectionsPerAddress: 1}")) {
            assertThat(ask(connect(), named("203.0.113.7"))).isTrue();
            assertThat(ask(connect(), named("203.0.113.7"))).isFalse();
            assertThat(ask(connect(), named("203.0.113.8"))).isTrue();
            assertThat(web.hits(Limit.CONNECTIONS_PER_ADDRESS)).isOne();
        }
    }

    private static String named(String client) {
        boolean four = !client.contains(":");
        return "PROXY " + (four ? "TCP4 " : "TCP6 ") + client + (four ? " 192.0.2.1" : " 2001:db8::1")
                + " 56324 443\r\n" + GET;
    }

    private Path socket() {
        return folder.resolve("web.sock");
    }

    private ListenerFixture unix(String... keys) throws IOException {
        List<String> all = new ArrayList<>(List.of(keys));
        all.addFirst("address: unix:" + socket());
        return new ListenerFixture(all.toArray(String[]::new));
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket()));
    }

    private boolean ask(SocketChannel client, String sent) throws IOException {
        kept.add(client);
        try {
            client.write(ByteBuffer.wrap(sent.getBytes(ISO_8859_1)));
        } catch (IOException closed) {
            return false;
        }
        return answers(Channels.newInputStream(client));
    }

    private boolean ask(Socket client, String sent) throws IOException {
        kept.add(client);
        ListenerFixture.send(client, sent);
        return answers(client.getInputStream());
    }

    /** Whether the first answer comes; the connection stays open. */
    private static boolean answers(InputStream in) {
        StringBuilder all = new StringBuilder();
        try {
            while (!all.toString().endsWith("ok")) {
                int c = in.read();
                if (c < 0) {
                    return false;
                }
                all.append((char) c);
            }
        } catch (IOException reset) {
            return false;
        }
        return all.toString().startsWith("HTTP/1.1 200 ");
    }
}
