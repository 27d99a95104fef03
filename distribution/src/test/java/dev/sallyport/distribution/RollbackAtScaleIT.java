package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** To go back with 1,000 routes, where one of them differs, and where all do. The time that it took is printed. */
final class RollbackAtScaleIT {

    private static final int ROUTES = 1_000;

    @ParameterizedTest
    @CsvSource({"1, a", "1000, b"})
    void takesEffectOnEveryRoute(int changed, String salt) {
        try (Product product = Product.with(config(0, salt)).start()) {
            product.reconfigure(config(changed, salt));
            assertThat(product.client().get("/0").body()).isEqualTo("changed");
            assertThat(product.client().get("/" + (changed - 1)).body()).isEqualTo("changed");

            long start = System.nanoTime();
            HttpResponse<String> answer = product.admin().post("/v1/generations/previous/rollback", "");
            assertThat(product.client().get("/0").body()).isEqualTo(salt);
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            assertThat(answer.statusCode()).isEqualTo(200);
            for (int route = 0; route < ROUTES; route += 111) {
                assertThat(product.client().get("/" + route).body()).isEqualTo(salt);
            }
            System.out.println("rollback with " + ROUTES + " routes, " + changed + " of them changed: from the command"
                    + " to an answer by the old generation " + took.toMillis() + " ms: " + answer.body());
        }
    }

    private static String config(int changed, String salt) {
        return Product.web(IntStream.range(0, ROUTES)
                .mapToObj(route -> """
                      - name: r%1$d
                        match: {paths: [/%1$d, "/%1$d/{id}", "/%1$d/more/**"]}
                        plugins:
                          - headers: {response: {set: {x-route: "%2$s%1$d"}}}
                          - rate-limit: {limit: 100000/s, burst: %3$d}
                          - respond: {body: "%2$s"}
                    """.formatted(route, route < changed ? "changed" : salt, route < changed ? 7 : 8))
                .collect(Collectors.joining("", "routes:\n", "")));
    }
}
