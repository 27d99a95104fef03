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
import dev.sallyport.kernel.http.Listeners;
import dev.sallyport.kernel.http.Serving;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
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
        listeners = new Listeners(serving, 1000);
        draining = new Draining(listeners::exchanges, () -> serving.get().generation());
    }

    @AfterEach
    void close() {
        draining.close();
        listeners.close();
    }

    private Socket ask(Next entry) throws Exception {
        serving.set(Serving.of(Generations.of(entry, 0, drained::countDown)));
        listeners.apply(List.of(Generations.listener()));
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
}
