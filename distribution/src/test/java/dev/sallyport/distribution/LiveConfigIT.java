package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The configuration changes while the gateway serves. */
final class LiveConfigIT {

    private static final String INNER = "headers: {response: {set: {x-last-word: headers}}}";
    private static final String OUTER = "javascript: {script: last-word.js}";
    private static final String SCRIPT = """
        export default async function (request, next) {
          const response = await next(request);
          response.headers.set("x-last-word", "script");
          return response;
        }
        """;

    private static Product product;
    private static int changes;

    @BeforeAll
    static void start() {
        product = Product.with(ordered(INNER, OUTER))
                .file("scripts/last-word.js", SCRIPT)
                .start();
    }

    @AfterAll
    static void stop() {
        product.close();
    }

    /** Each test begins with this order of steps; the comment makes sure that the file changes. */
    @BeforeEach
    void reset() {
        product.reconfigure(ordered(INNER, OUTER) + "# change " + ++changes + "\n");
    }

    private static String ordered(String first, String second) {
        return Product.web("""
            routes:
              - name: order
                match: {paths: [/order]}
                plugins:
                  - %s
                  - %s
                  - respond: {body: hello}
              - name: limited
                match: {paths: [/limited]}
                plugins:
                  - rate-limit: {limit: 3/h}
                  - respond: {body: passed}
            """.formatted(first, second));
    }

    private static String lastWord() {
        return product.client()
                .get("/order")
                .headers()
                .firstValue("x-last-word")
                .orElse("");
    }

    @Test
    void swappingTwoStepsChangesBehaviour() {
        assertThat(lastWord()).isEqualTo("headers");

        product.reconfigure(ordered(OUTER, INNER));

        assertThat(lastWord()).isEqualTo("script");
    }

    @Test
    void refusesATypoWithItsPlaceAndMendAndServesOn() {
        int from = product.output().size();
        product.reconfigureInVain(ordered(INNER, OUTER).replace("response:", "respones:"));

        String line = product.output().await("respones", from);
        assertThat(line)
                .containsPattern("gateway\\.yaml:9:\\d+ routes\\[0]\\.plugins\\[0]\\.headers")
                .contains("response");
        assertThat(lastWord()).isEqualTo("headers");
        assertThat(product.status().get("/readyz").statusCode()).isEqualTo(200);
        assertThat(product.status().get("/readyz").body()).contains("gateway.yaml:9");
    }

    @Test
    void tellsAllMistakesAtOnce() {
        product.reconfigureInVain(
                ordered(INNER, OUTER)
                        .replace("limit: 3/h", "limit: many")
                        .replace("match: {paths: [/order]}", "match: {path: [/order]}"),
                "gateway.yaml:7:",
                "gateway.yaml:15:");

        assertThat(lastWord()).isEqualTo("headers");
    }

    @Test
    void refusesAnUnknownTypeInAReload() {
        product.reconfigureInVain(ordered(INNER, OUTER).replace("- rate-limit:", "- rate-limits:"), "rate-limits");

        assertThat(product.client().status("/order")).isEqualTo(200);
    }

    @Test
    void keepsWhatStepsRememberOverAnUnrelatedChange() {
        Client client = product.client();
        int passed = 0;
        while (client.status("/limited") == 200) {
            passed++;
        }
        assertThat(passed).isLessThanOrEqualTo(3);

        product.reconfigure(ordered(OUTER, INNER));

        assertThat(client.status("/limited")).isEqualTo(429);
    }

    @Test
    void readsAgainOnSighup() {
        product.change(() -> product.signal("HUP"));

        assertThat(lastWord()).isEqualTo("headers");
    }

    @Test
    void addsAndRemovesAListenerWithoutTouchingTheOther() {
        try (RawConnection kept = new RawConnection(product.address())) {
            kept.send("GET /order HTTP/1.1\r\nHost: a\r\n\r\n").readTo("hello");
            int port = Ports.free();
            String two = ordered(INNER, OUTER)
                    .replace("listeners: [", "listeners: [{name: second, address: \"127.0.0.1:" + port + "\"}, ");

            product.reconfigure(two);
            assertThat(new Client(URI.create("http://127.0.0.1:" + port)).status("/order"))
                    .isEqualTo(200);

            product.reconfigure(ordered(INNER, OUTER));
            assertThat(Ports.isOpen(port)).isFalse();
            assertThat(kept.send("GET /order HTTP/1.1\r\nHost: a\r\n\r\n").readTo("hello"))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void neverShowsASecret() {
        try (Product other = Product.with(Product.web("""
            routes:
              - name: secret
                plugins:
                  - headers: {response: {set: {x-a: "${file:%s}"}}}
                  - respond: {body: hello}
            """.replace("%s", "secret.txt")))
                .prepare(home -> {})
                .file("conf/secret.txt", "s3cret-word\n")
                .launch()) {
            // the configuration's own folder is never readable that way
            other.output().await("secret.txt");
            assertThat(other.awaitExit()).isEqualTo(1);
            assertThat(other.output().toString()).doesNotContain("s3cret-word");
        }
    }

    @Test
    void aRestartWithABrokenFileServesTheLastGoodOneAndSaysSo() {
        Product first = Product.with(ordered(INNER, OUTER))
                .file("scripts/last-word.js", SCRIPT)
                .start();
        assertThat(first.stop()).isZero();
        first.replace("conf/gateway.yaml", Product.web("routes: [{nmae: x}]\n"));

        try (Product second = first.again()) {
            assertThat(second.client().get("/order").headers().firstValue("x-last-word"))
                    .hasValue("headers");
            assertThat(second.status().get("/readyz").body()).contains("gateway.yaml:5");
        }
    }
}
