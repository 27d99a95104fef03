package dev.sallyport.kernel.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Body;
import dev.sallyport.api.Response;
import dev.sallyport.api.Tunnel;
import dev.sallyport.api.UpstreamException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets of https. */
interface UpstreamTlsContract extends UpstreamContract {

    private Peer secure(Certificate certificate, Peer.Script script) throws Exception {
        SSLServerSocket server = (SSLServerSocket) certificate
                .server()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        return up().with(new Peer(server, "https", script));
    }

    private Asking ask(UpstreamClient client, Peer peer) {
        return new Asking(client, peer.uri());
    }

    @Test
    default void speaksTlsWithATargetThatItTrusts(@TempDir Path folder) throws Exception {
        Certificate certificate = new Certificate(folder);
        List<String> names = new CopyOnWriteArrayList<>();
        Peer peer = secure(certificate, line -> {
            for (String head = line.readHead(); head != null; head = line.readHead()) {
                ((ExtendedSSLSession) line.tlsSession())
                        .getRequestedServerNames()
                        .forEach(name -> names.add(name.toString()));
                String body = head.startsWith("POST") ? line.readUntil("0\r\n\r\n") : "";
                line.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        });
        UpstreamClient client = up().client(certificate.client());
        URI named = URI.create("https://peer.test:" + peer.uri().getPort());

        assertThat(new Asking(client, named).text()).isEqualTo("200 ");
        assertThat(new Asking(client, named)
                        .post(Body.of(new ByteArrayInputStream(new byte[300_000]), -1))
                        .text())
                .hasSizeGreaterThan(300_000);

        assertThat(peer.accepted()).isEqualTo(1);
        assertThat(names).isNotEmpty().allMatch(name -> name.contains("peer.test"));
    }

    @Test
    default void refusesATargetThatItDoesNotTrust(@TempDir Path folder) throws Exception {
        Peer peer = secure(new Certificate(folder), line -> line.readHead());

        UpstreamContract.fails(
                Kind.CONNECT,
                "unable to find valid certification path",
                () -> up().ask(peer).send());
        UpstreamContract.fails(
                Kind.CONNECT,
                "certification path",
                () -> up().ask(peer).post(Body.of("x")).send());
    }

    @Test
    default void refusesATargetOfAnotherName(@TempDir Path folder) throws Exception {
        Certificate certificate = new Certificate(folder);
        Peer peer = secure(certificate, line -> line.readHead());
        UpstreamClient client = up().client(certificate.client());
        URI byAddress = URI.create("https://127.0.0.1:" + peer.uri().getPort());

        UpstreamContract.fails(Kind.CONNECT, "127.0.0.1", () -> new Asking(client, byAddress).send());
    }

    @Test
    default void tellsAHandshakeThatIsNotDoneInTime() throws Exception {
        Peer silent = up().peer(line -> line.readAway());
        URI target = URI.create("https://localhost:" + silent.uri().getPort());

        UpstreamContract.fails(
                Kind.CONNECT_TIMEOUT,
                "within 300ms",
                () -> up().ask(target).connect(Duration.ofMillis(300)).send());
    }

    @Test
    default void tellsATargetThatDoesNotSpeakTls() {
        Peer plain = up().peer(line -> {
            line.read(5);
            line.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        });

        URI target = URI.create("https://localhost:" + plain.uri().getPort());
        UpstreamContract.fails(
                Kind.CONNECT, target.toString(), () -> up().ask(target).send());
    }

    @Test
    default void failsWhereTheConnectionIsCutWithinTheBody(@TempDir Path folder) throws Exception {
        Certificate certificate = new Certificate(folder);
        CountDownLatch read = new CountDownLatch(1);
        Peer peer = secure(certificate, line -> {
            line.readHead();
            line.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            read.await();
        });
        UpstreamClient client = up().client(certificate.client());

        Response response = ask(client, peer).send();
        read.countDown();

        assertThatThrownBy(() -> response.body().open().readAllBytes()).isInstanceOf(IOException.class);
        response.body().close();
    }

    @Test
    default void opensATunnelOverTls(@TempDir Path folder) throws Exception {
        Certificate certificate = new Certificate(folder);
        Peer peer = secure(certificate, line -> {
            line.readHead();
            line.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            line.in().transferTo(line.out());
        });
        UpstreamClient client = up().client(certificate.client());

        Tunnel tunnel = Objects.requireNonNull(
                ask(client, peer).upgrade("websocket").send().tunnel());
        tunnel.output().write("hello".getBytes(StandardCharsets.US_ASCII));

        assertThat(tunnel.input().readNBytes(5)).asString().isEqualTo("hello");
        tunnel.close();
    }
}
