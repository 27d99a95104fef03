package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sallyport.testservers.RedisServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code kill -9} while responses are kept in Redis: what was kept by half is never answered. */
final class CacheKilledIT {

    private static final int PAGES = 30;
    private static final int PIECES = 8;

    /** Larger than what is read at once, so that it is kept while it passes. */
    private static final int PIECE = 20_000;

    private final Random random = new Random(20_261_126);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer upstream;
    private RedisServer redis;

    @BeforeEach
    void start() throws IOException {
        redis = RedisServer.start();
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        upstream.createContext("/", CacheKilledIT::answer);
        upstream.setExecutor(threads);
        upstream.start();
    }

    @AfterEach
    void stop() {
        upstream.stop(0);
        threads.shutdownNow();
        redis.close();
    }

    /** Slowly, in chunks: most kills come in the middle of some. */
    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().add("Cache-Control", "max-age=3600");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            for (int piece = 0; piece < PIECES; piece++) {
                out.write(piece(exchange.getRequestURI().getPath(), piece));
                out.flush();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    private static byte[] piece(String path, int number) {
        byte[] text = (path + " " + number + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] piece = new byte[PIECE];
        for (int i = 0; i < piece.length; i++) {
            piece[i] = text[i % text.length];
        }
        return piece;
    }

    private static boolean isWhole(String path, byte[] body) {
        if (body.length != PIECES * PIECE) {
            return false;
        }
        for (int piece = 0; piece < PIECES; piece++) {
            if (!Arrays.equals(Arrays.copyOfRange(body, piece * PIECE, (piece + 1) * PIECE), piece(path, piece))) {
                return false;
            }
        }
        return true;
    }

    @Test
    void nothingThatWasKeptByHalfIsAnsweredAfterAKill() throws Exception {
        killAndAsk(4);
    }

    @Test
    @Tag("proof")
    void nothingThatWasKeptByHalfIsAnsweredAfterFiftyKills() throws Exception {
        killAndAsk(50);
    }

    private void killAndAsk(int kills) throws Exception {
        Product product = Product.with(Product.web(
                        """
                        services: [{name: shared, redis: {url: "%s", timeout: 5s}}]
                        routes:
                          - name: all
                            plugins: [{rewrite: {host: shop.example.com}}, {cache: {store: shared}}]
                            upstream: "http://127.0.0.1:%d"
                        """.formatted(redis.url(), upstream.getAddress().getPort())))
                .start();
        int hits = 0;
        try {
            for (int turn = 0; turn < kills; turn++) {
                askUntilKilled(product, turn);
                product = product.again();
                try (HttpClient client = HttpClient.newHttpClient()) {
                    for (int page = 0; page < PAGES; page++) {
                        String path = "/" + turn + "/" + page;
                        HttpResponse<byte[]> response = get(client, product.address(), path);
                        assertThat(response.statusCode()).isEqualTo(200);
                        assertThat(isWhole(path, response.body())).as(path).isTrue();
                        hits += response.headers()
                                        .firstValue("cache-status")
                                        .orElse("")
                                        .contains("; hit")
                                ? 1
                                : 0;
                    }
                }
            }
        } finally {
            product.close();
        }
        System.out.printf("%d kills: of %d pages %d were kept before%n", kills, kills * PAGES, hits);
        assertThat(hits).as("pages that were kept before a kill").isBetween(1, kills * PAGES - 1);
    }

    private void askUntilKilled(Product product, int turn) throws InterruptedException {
        long delay = TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(400));
        Thread killer = Thread.ofPlatform().start(() -> {
            LockSupport.parkNanos(delay);
            product.kill();
        });
        URI address = product.address();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int page = 0; page < PAGES && killer.isAlive(); page++) {
                try {
                    get(client, address, "/" + turn + "/" + page);
                } catch (IOException killed) {
                    break;
                }
            }
        }
        killer.join();
    }

    private static HttpResponse<byte[]> get(HttpClient client, URI address, String path)
            throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofByteArray());
    }
}
