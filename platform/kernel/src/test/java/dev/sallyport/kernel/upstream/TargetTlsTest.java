package dev.sallyport.kernel.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.kernel.config.UpstreamConfig.Protocol;
import dev.sallyport.kernel.config.UpstreamConfig.Tls;
import dev.sallyport.testkit.TestAuthority;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code tls} of an upstream, over HTTP/1.1 and HTTP/2. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class TargetTlsTest {

    @TempDir
    private static Path folder;

    private static TestAuthority ours;
    private static TestAuthority strangers;

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void issue() throws Exception {
        ours = new TestAuthority(folder.resolve("ours"));
        ours.issue("peer", "EC", "peer.test", "localhost");
        ours.issue("orders", "EC", "orders.internal");
        ours.issue("gateway", "EC", "gateway.internal");
        strangers = new TestAuthority(folder.resolve("strangers"));
        strangers.issue("peer", "EC", "peer.test", "localhost");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : toClose.reversed()) {
            one.close();
        }
    }

    private <T extends AutoCloseable> T with(T one) {
        toClose.add(one);
        return one;
    }

    private UpstreamClient client(Protocol protocol) {
        return with(
                protocol == Protocol.HTTP1
                        ? new Http1Client()
                        : new JettyUpstreamClient(new VirtualThreadPool(0), Protocol.H2, null));
    }

    /** A target that shows that certificate; with a name of its own, to which the name that is asked for is told. */
    private URI target(Protocol protocol, SSLContext tls, boolean askClient) throws Exception {
        if (protocol == Protocol.H2) {
            Http2Peer peer = with(new Http2Peer(tls, line -> {
                line.respond(200, HttpFields.EMPTY, false);
                line.write("ok", true);
            }));
            return URI.create("https://peer.test:" + peer.uri().getPort());
        }
        SSLServerSocket server = (SSLServerSocket)
                tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setNeedClientAuth(askClient);
        Peer peer = with(new Peer(server, "https", line -> {
            for (String head = line.readHead(); head != null; head = line.readHead()) {
                ((ExtendedSSLSession) line.tlsSession())
                        .getRequestedServerNames()
                        .forEach(name -> seen.add(name.toString()));
                if (askClient) {
                    seen.add(line.tlsSession().getPeerPrincipal().getName());
                }
                line.write(UpstreamContract.OK);
            }
        }));
        return URI.create("https://peer.test:" + peer.uri().getPort());
    }

    private static Tls ca(String file) {
        return new Tls(ours.file(file), null, true, null, null);
    }

    private static String ask(UpstreamClient client, Protocol protocol, URI target, Tls tls) throws Exception {
        return new Asking(client, target).protocol(protocol).tls(tls).text();
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void trustsTheAuthorityThatItIsGivenAndNoOther(Protocol protocol) throws Exception {
        UpstreamClient client = client(protocol);
        URI good = target(protocol, ours.client("peer"), false);
        URI strange = target(protocol, strangers.client("peer"), false);

        assertThat(ask(client, protocol, good, ca("ca.pem"))).isEqualTo("200 ok");
        UpstreamContract.fails(
                UpstreamException.Kind.CONNECT, "certification path", () -> ask(client, protocol, good, Tls.USUAL));
        UpstreamContract.fails(
                UpstreamException.Kind.CONNECT, strange.toString(), () -> ask(client, protocol, strange, ca("ca.pem")));
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void asksForTheNameOfTheServerAndVerifiesIt(Protocol protocol) throws Exception {
        UpstreamClient client = client(protocol);
        URI target = target(protocol, ours.client("orders"), false);

        assertThat(ask(client, protocol, target, ca("ca.pem").named("orders.internal")))
                .isEqualTo("200 ok");
        UpstreamContract.fails(
                UpstreamException.Kind.CONNECT, "peer.test", () -> ask(client, protocol, target, ca("ca.pem")));
        if (protocol == Protocol.HTTP1) {
            assertThat(seen).hasSize(1).first().asString().contains("orders.internal");
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void trustsAnybodyWhereItIsToldTo(Protocol protocol) throws Exception {
        UpstreamClient client = client(protocol);
        URI target = target(protocol, strangers.client("peer"), false);
        URI other = URI.create("https://127.0.0.1:" + target.getPort());

        assertThat(ask(client, protocol, other, new Tls(null, null, false, null, null)))
                .isEqualTo("200 ok");
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void neverSharesAConnectionThatAnotherHasTrusted(Protocol protocol) throws Exception {
        UpstreamClient client = client(protocol);
        URI target = target(protocol, ours.client("peer"), false);

        ask(client, protocol, target, new Tls(null, null, false, null, null));

        assertThatThrownBy(() -> ask(client, protocol, target, Tls.USUAL)).isInstanceOf(UpstreamException.class);
        assertThat(ask(client, protocol, target, ca("ca.pem"))).isEqualTo("200 ok");
    }

    @Test
    void showsItsCertificateToATargetThatAsks() throws Exception {
        UpstreamClient client = client(Protocol.HTTP1);
        URI target = target(Protocol.HTTP1, ours.client("peer"), true);
        Tls known = new Tls(ours.file("ca.pem"), null, true, ours.file("gateway.pem"), ours.file("gateway.key"));

        assertThat(ask(client, Protocol.HTTP1, target, known)).isEqualTo("200 ok");
        assertThat(seen).contains("CN=gateway");
        assertThatThrownBy(() -> ask(client, Protocol.HTTP1, target, ca("ca.pem")))
                .isInstanceOf(UpstreamException.class)
                .hasMessageContaining(target.toString());
    }

    @Test
    void readsFilesAnewForNewConnectionsAndKeepsTheOldWhereTheyAreBroken(@TempDir Path files) throws Exception {
        Path file = Files.copy(ours.file("ca.pem"), files.resolve("ca.pem"));
        Tls tls = new Tls(file, null, true, null, null);
        TlsContexts contexts = new TlsContexts(null);
        SSLContext first = contexts.of(tls);
        assertThat(contexts.of(tls)).isSameAs(first);

        Files.writeString(file, "-----BEGIN CERTIFICATE-----\n");
        assertThat(contexts.of(tls)).isSameAs(first);
        assertThat(contexts.problem(tls)).contains(file.toString(), "what was read before is used");

        Files.delete(file);
        assertThat(contexts.of(tls)).isSameAs(first);
        Files.copy(strangers.file("ca.pem"), file);
        assertThat(contexts.of(tls)).isNotSameAs(first);
        assertThat(contexts.problem(tls)).isNull();
    }

    @Test
    void aKeptConnectionGoesOnWhenFilesChange(@TempDir Path files) throws Exception {
        Path file = Files.copy(ours.file("ca.pem"), files.resolve("ca.pem"));
        Tls tls = new Tls(file, null, true, null, null);
        UpstreamClient client = client(Protocol.HTTP1);
        URI target = target(Protocol.HTTP1, ours.client("peer"), false);
        Response first = new Asking(client, target).tls(tls).send();
        first.body().text(10);
        first.body().close();

        Files.delete(file);
        Files.copy(strangers.file("ca.pem"), file);

        assertThat(ask(client, Protocol.HTTP1, target, tls)).isEqualTo("200 ok");
        URI fresh = target(Protocol.HTTP1, ours.client("peer"), false);
        assertThatThrownBy(() -> ask(client, Protocol.HTTP1, fresh, tls)).isInstanceOf(UpstreamException.class);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void tellsOfTheMakingOfAConnectionOnlyWhereOneIsMade(Protocol protocol) throws Exception {
        URI target = target(protocol, ours.client("peer"), false);
        UpstreamClient client = client(protocol);

        Asking first = new Asking(client, target).protocol(protocol).tls(ca("ca.pem"));
        first.text();
        Asking second = new Asking(client, target).protocol(protocol).tls(ca("ca.pem"));
        second.text();

        assertThat(first.moments).endsWith(Moment.CONNECTED, Moment.SECURED);
        assertThat(second.moments).isEmpty();
    }
}
