package dev.sallyport.kernel.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Body;
import dev.sallyport.api.Tunnel;
import dev.sallyport.api.UpstreamException.Kind;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Targets behind a Unix socket. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class UnixTargetTest {

    private final Http1Client client = new Http1Client();
    private final AtomicInteger accepted = new AtomicInteger();
    private final CountDownLatch all = new CountDownLatch(200);
    private Path folder;
    private ServerSocketChannel server;
    private URI target;

    @BeforeEach
    void listen() throws Exception {
        folder = Files.createTempDirectory("unix"); // a short path, as sockets need it
        Path socket = folder.resolve("app.sock");
        target = URI.create("unix:" + socket);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), 500);
        var _ = UpstreamContract.later(() -> {
            while (server.isOpen()) {
                SocketChannel channel = server.accept();
                accepted.incrementAndGet();
                var _ = UpstreamContract.later(() -> serve(channel));
            }
            return null;
        });
    }

    private Void serve(SocketChannel channel) throws Exception {
        try (channel) {
            InputStream in = Channels.newInputStream(channel);
            OutputStream out = Channels.newOutputStream(channel);
            for (String head = until(in, "\r\n\r\n"); !head.isEmpty(); head = until(in, "\r\n\r\n")) {
                String body = head.contains("chunked") ? until(in, "0\r\n\r\n") : "";
                if (head.contains("Upgrade: echo")) {
                    write(out, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
                    in.transferTo(out);
                }
                if (head.startsWith("GET /all")) {
                    all.countDown();
                    all.await();
                }
                String text = head.lines()
                        .filter(line -> line.startsWith("Host"))
                        .findFirst()
                        .orElse("none");
                text += " " + body.length();
                write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
            }
        }
        return null;
    }

    private static void write(OutputStream out, String text) throws Exception {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String until(InputStream in, String end) throws Exception {
        StringBuilder text = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            text.append((char) b);
            if (text.length() >= end.length() && text.indexOf(end, text.length() - end.length()) >= 0) {
                break;
            }
        }
        return text.toString();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        server.close();
        Files.deleteIfExists(folder.resolve("app.sock"));
        Files.delete(folder);
    }

    private Asking ask() {
        return new Asking(client, target);
    }

    @Test
    void speaksToItAndKeepsTheConnection() throws Exception {
        assertThat(ask().text()).isEqualTo("200 Host: localhost 0");
        assertThat(ask().post(Body.of(new ByteArrayInputStream(new byte[100_000]), -1))
                        .text())
                .startsWith("200 Host: localhost 1");
        assertThat(accepted).hasValue(1);
    }

    @Test
    void opensATunnel() throws Exception {
        Tunnel tunnel = Objects.requireNonNull(ask().upgrade("echo").send().tunnel());
        tunnel.output().write("hello".getBytes(StandardCharsets.US_ASCII));

        assertThat(tunnel.input().readNBytes(5)).asString().isEqualTo("hello");
        tunnel.close();
    }

    /** More calls wait than there are carriers of virtual threads. */
    @Test
    void waitingHoldsNoCarrier() throws Exception {
        List<CompletableFuture<String>> texts = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            texts.add(UpstreamContract.later(() -> ask().path("/all").text()));
        }
        for (CompletableFuture<String> text : texts) {
            assertThat(text.get()).startsWith("200");
        }
    }

    @Test
    void tellsThatNobodyListens() throws Exception {
        server.close();

        // A thread that accepts keeps the socket open for a moment longer.
        await().untilAsserted(() -> UpstreamContract.fails(Kind.CONNECT, target.toString(), () -> ask().send()));
    }
}
