package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Retry, circuit, fallback and switches together, as the product has them, and told by its command line. */
final class ResilienceIT {

    private static EchoServer upstream;
    private static Product product;

    @BeforeAll
    static void start() {
        upstream = new EchoServer();
        product = Product.with(Product.web("""
            routes:
              - name: orders
                match: {paths: [/orders/**]}
                plugins:
                  - maintenance: {on: false}
                  - fallback: {rules: {problems: [circuit-open], answer: {json: {items: []}}}}
                  - bulkhead: 50
                  - circuit-breaker: {window: "4", openFor: 1h}
                  - retry: {attempts: 2, backoff: 1ms, maxBackoff: 1ms}
                upstream: "%s"
            """.formatted(upstream.address()))).start();
    }

    @AfterAll
    static void stop() {
        product.close();
        upstream.close();
    }

    @Test
    void answersByTheFallbackOnceTheCircuitIsOpen() {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            statuses.add(product.client().status("/orders/1?status=503"));
        }

        HttpResponse<String> instead = product.client().get("/orders/1");

        assertThat(statuses).containsOnly(503);
        assertThat(upstream.requests()).as("each was tried twice").isEqualTo(8);
        assertThat(instead.statusCode()).isEqualTo(200);
        assertThat(instead.body()).isEqualTo("{\"items\":[]}");
        assertThat(steps("list", "--type", "circuit-breaker").out())
                .contains("circuit-breaker/orders/circuit-breaker")
                .contains("state: open")
                .contains("can open: Refuses all calls until told otherwise.");

        assertThat(steps("tell", "circuit-breaker/orders/circuit-breaker", "close")
                        .out())
                .isEqualTo("each circuit is forced closed\n");
        assertThat(product.client().status("/orders/1")).isEqualTo(200);

        assertThat(steps("tell", "maintenance/orders/maintenance", "on").out()).isEqualTo("maintenance is on\n");
        assertThat(product.client().status("/orders/1")).isEqualTo(503);
        steps("tell", "maintenance/orders/maintenance", "auto");
        assertThat(product.client().status("/orders/1")).isEqualTo(200);
    }

    @Test
    void saysWhatCannotBeTold() {
        Command refused = run("tell", "circuit-breaker/orders/circuit-breaker", "shut");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("shut (expected: one of [auto, close, open])");
    }

    private static Command steps(String... arguments) {
        return run(arguments).succeeds();
    }

    private static Command run(String... arguments) {
        List<String> line = new ArrayList<>(List.of("steps"));
        line.addAll(List.of(arguments));
        line.addAll(List.of(
                "--server",
                product.adminAddress().toString(),
                "--token-file",
                product.home().resolve("data/admin.token").toString()));
        return Command.sallyport(product.home(), line.toArray(String[]::new));
    }
}
