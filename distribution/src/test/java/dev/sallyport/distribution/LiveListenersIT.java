package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Listeners come and go while others serve. */
final class LiveListenersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final int port = Ports.free();
    private EchoServer echo;
    private Product product;

    @BeforeEach
    void start() {
        echo = new EchoServer();
        product = Product.with(config(", {name: other, address: \"127.0.0.1:" + port + "\"}"))
                .start();
    }

    @AfterEach
    void stop() {
        product.close();
        echo.close();
        threads.shutdownNow();
    }

    private String config(String more) {
        return """
            listeners: [{name: web, address: "127.0.0.1:0"}%s]
            admin: {address: "127.0.0.1:0"}
            status: {address: "127.0.0.1:0"}
            routes: [{name: all, upstream: "%s"}]
            """.formatted(more, echo.address());
    }

    @Test
    void oneThatIsRemovedLetsItsRequestsEndAndTakesNoMore() throws Exception {
        Client other = new Client(URI.create("http://127.0.0.1:" + port));
        CompletableFuture<Integer> slow = CompletableFuture.supplyAsync(() -> other.status("/slow?wait"), threads);
        await().atMost(PATIENCE).until(() -> echo.targets().contains("/slow?wait"));

        product.reconfigure(config(""));

        await().atMost(PATIENCE).until(() -> !Ports.isOpen(port));
        assertThat(slow).isNotDone();
        assertThat(product.client().status("/others/serve")).isEqualTo(200);
        echo.release();
        assertThat(slow.get()).isEqualTo(200);
    }

    @Test
    void oneThatSpeaksOtherProtocolsKeepsItsAddress() throws Exception {
        Client other = new Client(URI.create("http://127.0.0.1:" + port));
        CompletableFuture<Integer> slow = CompletableFuture.supplyAsync(() -> other.status("/slow?wait"), threads);
        await().atMost(PATIENCE).until(() -> echo.targets().contains("/slow?wait"));

        product.reconfigure(config(", {name: other, address: \"127.0.0.1:" + port + "\", protocols: [http1]}"));

        try (RawConnection connection = new RawConnection(URI.create("http://127.0.0.1:" + port))) {
            connection.send("GET /new HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(connection.readAll()).startsWith("HTTP/1.1 200");
        }
        echo.release();
        assertThat(slow.get()).isEqualTo(200);
    }

    @Test
    void onlyTheOneExpectationThatThereIsIsUnderstood() {
        try (RawConnection connection = new RawConnection(product.address())) {
            connection.send("GET / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\nConnection: close\r\n\r\n");

            assertThat(connection.readAll()).startsWith("HTTP/1.1 417").contains("application/problem+json");
        }
    }
}
