package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Very many routes, a hundred files of them: one of the files changes, and all routes go on. What it took is printed. */
final class RoutesAtScaleIT {

    private static final int FILES = 100;

    @Test
    void aChangeOfOneFileTakesEffectAndTheOthersGoOn() throws Exception {
        changes(10, "512m");
    }

    @Test
    @Tag("proof")
    void aHundredThousandRoutesAreReloaded() throws Exception {
        changes(1000, "2g");
    }

    private static void changes(int routesOfEach, String heap) throws Exception {
        try (EchoServer echo = new EchoServer()) {
            Product.Setup setup =
                    Product.with(Product.web("include: [\"teams/*.yaml\"]")).heap(heap);
            for (int file = 0; file < FILES; file++) {
                setup.file(name(file), routes(file, routesOfEach, "v1", echo));
            }
            long launched = System.nanoTime();
            try (Product product = setup.start()) {
                Duration start = Duration.ofNanos(System.nanoTime() - launched);
                List<Long> millis = new ArrayList<>();
                for (int round = 0; round < 5; round++) {
                    String version = "v1x" + round;
                    long begun = System.nanoTime();
                    product.change(() -> product.replace(name(42), routes(42, routesOfEach, version, echo)));
                    millis.add(Duration.ofNanos(System.nanoTime() - begun).toMillis());

                    assertThat(status(product, "/42/" + version + "/0/items/7")).isEqualTo(200);
                    assertThat(status(product, "/42/v1/0/items/7")).isEqualTo(404);
                    assertThat(status(product, "/99/v1/" + (routesOfEach - 1) + "/items/7"))
                            .isEqualTo(200);
                }
                System.out.printf(
                        "%d routes in %d files, %s of heap: ready after %d ms; from the change of one file to the line"
                                + " that it serves, with half a second for writes to settle: %s ms%n",
                        FILES * routesOfEach, FILES, heap, start.toMillis(), millis);
            }
        }
    }

    private static int status(Product product, String path) {
        return product.client().get(path).statusCode();
    }

    private static String name(int file) {
        return "conf/teams/team%03d.yaml".formatted(file);
    }

    private static String routes(int file, int count, String version, EchoServer echo) {
        return IntStream.range(0, count)
                .mapToObj(route -> """
                      - name: t%1$d-r%3$d
                        match: {paths: ["/%1$d/%2$s/%3$d/items/{id}", "/%1$d/%2$s/%3$d/more/**"]}
                        upstream: team%1$d
                    """.formatted(file, version, route))
                .collect(Collectors.joining(
                        "",
                        "upstreams:\n  team%d: {targets: [\"%s\"]}\nroutes:\n".formatted(file, echo.address()),
                        ""));
    }
}
