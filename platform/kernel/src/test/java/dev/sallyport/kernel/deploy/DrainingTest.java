package dev.sallyport.kernel.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.chain.Generations;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.config.Written;
import dev.sallyport.kernel.http.Listeners;
import dev.sallyport.kernel.http.Serving;
import dev.sallyport.kernel.http.SocketTunnel;
import dev.sallyport.kernel.tls.Acme;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exchanges of replaced generations, over real sockets. */
@Timeout(60)
final class DrainingTest {

    private final AtomicReference<Serving> serving = new AtomicReference<>();
    private final CountDownLatch drained = new CountDownLatch(1);
    private final CountDownLatch givenUp = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);
    private Listeners listeners;
    private Draining draining;

    @BeforeEach
    void listen() {
        listeners = new Listeners(serving, exchange -> {}, new Acme(Path.of("target", "acme")));
        draining = new Draining(
                listeners::exchanges,
                Set::of,
                listeners::leaving,
                () -> serving.get().generation());
    }

    @AfterEach
    void close() {
        draining.close();
        listeners.close();
    }

    private Socket ask(Next entry) throws Exception {
        serving.set(Serving.of(Generations.of(entry, 0, drained::countDown)));
        listeners.apply(List.of(Written.listener()));
        Socket client = new Socket("127.0.0.1", listeners.addresses().get("web").port());
        client.setSoTimeout(30_000);
        client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
        await().until(() -> !listeners.exchanges().isEmpty());
        return client;
    }

    private Generation swap(Duration limit) {
        Generation old = serving.get().generation();
        Generation fresh = Generations.of(request -> Response.of(204), limit);
        serving.set(Serving.of(fresh));
        old.retire();
        draining.replaced(old, givenUp::countDown);
        return fresh;
    }

    @Test
    void aStreamMovesToTheGenerationThatServesAndGoesOn() throws Exception {
        PipedOutputStream feed = new PipedOutputStream();
        PipedInputStream source = new PipedInputStream(feed);
        try (Socket client = ask(request -> Response.of(200, Headers.empty(), Body.of(source, 11)))) {
            feed.write("first ".getBytes(ISO_8859_1));
            feed.flush();
            LiveExchange exchange = listeners.exchanges().iterator().next();

            Generation fresh = swap(Duration.ofMillis(1));

            assertThat(drained.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(exchange.generation()).isSameAs(fresh);
            assertThat(fresh.exchanges()).isOne();
            feed.write("later".getBytes(ISO_8859_1));
            feed.flush();
            StringBuilder answer = new StringBuilder();
            while (answer.indexOf("first later") < 0) {
                answer.append((char) client.getInputStream().read());
            }
            await().untilAsserted(() -> assertThat(fresh.exchanges()).isZero());
            assertThat(fresh.isDrained()).isFalse();
        }
    }

    @Test
    void whatIsStillInItsChainIsEndedAtTheLimitOfTheConfigurationThatServes() throws Exception {
        Next waiting = request -> {
            never.await();
            return Response.of(204);
        };
        try (Socket client = ask(waiting)) {
            swap(Duration.ofMinutes(5));
            assertThat(drained.getCount()).isOne();

            serving.set(Serving.of(Generations.of(request -> Response.of(204), Duration.ofMillis(1))));

            assertThat(new String(client.getInputStream().readNBytes(12), ISO_8859_1))
                    .isEqualTo("HTTP/1.1 503");
            assertThat(drained.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(givenUp.getCount()).isOne();
        }
    }

    @Test
    void whatDoesNotEndIsWaitedForNoLonger() throws Exception {
        Next deaf = request -> {
            boolean waiting = true;
            while (waiting) {
                try {
                    never.await();
                    waiting = false;
                } catch (InterruptedException heardAndIgnored) {
                    assertThat(listeners.exchanges()).hasSize(1);
                }
            }
            return Response.of(204);
        };
        try (Socket client = ask(deaf)) {
            swap(Duration.ofMillis(1));

            assertThat(givenUp.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(drained.getCount()).isOne();
            never.countDown();
            assertThat(new String(client.getInputStream().readNBytes(12), ISO_8859_1))
                    .isEqualTo("HTTP/1.1 204");
            assertThat(drained.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Serves the listener {@code other} alone from now on. */
    private void removeWeb(Duration limit) throws Exception {
        Generation old = serving.get().generation();
        serving.set(Serving.of(Generations.of(old.entry(), limit)));
        listeners.apply(List.of(other()));
        old.retire();
        draining.replaced(old, givenUp::countDown);
    }

    private static ListenerConfig other() {
        return Written.listener("name: other");
    }

    private Socket connect(String listener) throws Exception {
        Socket client =
                new Socket("127.0.0.1", listeners.addresses().get(listener).port());
        client.setSoTimeout(30_000);
        return client;
    }

    private static String ask(Socket client, String path, int length) throws Exception {
        client.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(ISO_8859_1));
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().matches("(?s).*\r\n\r\n.{" + length + "}")) {
            int read = client.getInputStream().read();
            assertThat(read).as("end of stream after: %s", answer).isNotNegative();
            answer.append((char) read);
        }
        return answer.toString();
    }

    /** Whether the gateway answers there: somebody else may have the port by now. */
    private static boolean answers(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readNBytes(200), ISO_8859_1).endsWith("hello");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aListenerThatIsGoneTakesNoMoreAndIsClosedWithTheLastOfItsExchanges() throws Exception {
        PipedOutputStream feed = new PipedOutputStream();
        PipedInputStream source = new PipedInputStream(feed);
        Next entry = request -> request.path().equals("/stream")
                ? Response.of(200, Headers.empty(), Body.of(source, 11))
                : Response.text(200, "hello");
        serving.set(Serving.of(Generations.of(entry)));
        listeners.apply(List.of(Written.listener(), other()));
        int port = listeners.addresses().get("web").port();
        try (Socket stream = connect("web");
                Socket idle = connect("web");
                Socket silent = connect("web");
                Socket elsewhere = connect("other")) {
            ask(idle, "/", 5);
            ask(elsewhere, "/", 5);
            feed.write("first ".getBytes(ISO_8859_1));
            feed.flush();
            ask(stream, "/stream", 6);

            removeWeb(Duration.ofMinutes(5));

            assertThat(answers(port)).isFalse();
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(listeners.leaving()).hasSize(1);
            assertThat(ask(elsewhere, "/", 5)).startsWith("HTTP/1.1 200").doesNotContain("Connection: close");
            feed.write("later".getBytes(ISO_8859_1));
            feed.flush();
            assertThat(new String(stream.getInputStream().readAllBytes(), ISO_8859_1))
                    .isEqualTo("later");
            await().untilAsserted(() -> assertThat(listeners.leaving()).isEmpty());
            assertThat(ask(elsewhere, "/", 5)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void anAnswerByAListenerThatIsGoneSaysThatItsConnectionEnds() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (Socket client = ask(request -> {
            goOn.await();
            return Response.text(200, "hello");
        })) {
            removeWeb(Duration.ofMinutes(5));
            goOn.countDown();

            assertThat(new String(client.getInputStream().readAllBytes(), ISO_8859_1))
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("connection: close")
                    .endsWith("hello");
            await().untilAsserted(() -> assertThat(listeners.leaving()).isEmpty());
        }
    }

    @Test
    void whatStillRunsByAListenerThatIsGoneIsEndedAtTheLimit() throws Exception {
        try (Socket client = ask(request -> {
            never.await();
            return Response.of(204);
        })) {
            removeWeb(Duration.ofMillis(1));

            assertThat(new String(client.getInputStream().readAllBytes(), ISO_8859_1))
                    .startsWith("HTTP/1.1 503")
                    .contains("ended-early");
            await().untilAsserted(() -> assertThat(listeners.leaving()).isEmpty());
        }
    }

    @Test
    void aTunnelByAListenerThatIsGoneGoesOnUntilItsEndsLike() throws Exception {
        try (ServerSocket far = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket gatewaysEnd = new Socket(far.getInetAddress(), far.getLocalPort());
                Socket upstream = far.accept()) {
            serving.set(Serving.of(
                    Generations.of(request -> Response.upgrade(101, Headers.empty(), new SocketTunnel(gatewaysEnd)))));
            listeners.apply(List.of(Written.listener(), other()));
            try (Socket client = connect("web")) {
                client.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                                .getBytes(ISO_8859_1));
                String head = new String(client.getInputStream().readNBytes(12), ISO_8859_1);
                assertThat(head).isEqualTo("HTTP/1.1 101");
                await().until(() -> listeners.exchanges().stream().anyMatch(LiveExchange::isTunnel));

                removeWeb(Duration.ofMinutes(5));
                upstream.getOutputStream().write('!');

                int read = 0;
                while (read != '!') {
                    read = client.getInputStream().read();
                    assertThat(read).isNotNegative();
                }
                client.getOutputStream().write('?');
                assertThat(upstream.getInputStream().read()).isEqualTo('?');
                assertThat(listeners.leaving()).hasSize(1);
            }
            assertThat(upstream.getInputStream().read()).isEqualTo(-1);
            upstream.shutdownOutput();
            await().untilAsserted(() -> assertThat(listeners.leaving()).isEmpty());
        }
    }
}
