package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Very many routes: one of their files changes, and all routes go on. What it took is printed. */
final class RoutesAtScaleIT {

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aChangeOfOneFileTakesEffectAndTheOthersGoOn(int steps) throws Exception {
        changes(new Routes(100, 10, steps), "512m");
    }

    @ParameterizedTest
    @Tag("proof")
    @ValueSource(ints = {0, 1})
    void aHundredThousandRoutesAreReloaded(int steps) throws Exception {
        changes(new Routes(100, 1_000, steps), "2g");
    }

    @Test
    void routesAreCheckedAndApplied() throws Exception {
        checkAndApply(new Routes(10, 10, 2));
    }

    @ParameterizedTest
    @Tag("proof")
    @ValueSource(ints = {1, 100})
    void tenThousandRoutesAreCheckedAndApplied(int files) throws Exception {
        checkAndApply(new Routes(files, 10_000 / files, 2));
    }

    private static void changes(Routes routes, String heap) throws Exception {
        try (EchoServer echo = new EchoServer()) {
            long launched = System.nanoTime();
            try (Product product = routes.setup(echo).heap(heap).start()) {
                long start = millisSince(launched);
                List<Long> millis = new ArrayList<>();
                for (int round = 0; round < 5; round++) {
                    String version = "v1x" + round;
                    long begun = System.nanoTime();
                    product.change(() -> product.replace(Routes.name(42), routes.file(42, version, echo)));
                    millis.add(millisSince(begun));

                    assertThat(status(product, "/42/" + version + "/0/items/7")).isEqualTo(200);
                    assertThat(status(product, "/42/v1/0/items/7")).isEqualTo(404);
                    assertThat(status(product, "/99/v1/" + (routes.each() - 1) + "/items/7"))
                            .isEqualTo(200);
                }
                System.out.printf(
                        "%s, %s of heap: ready after %d ms; from the change of one file to the line that it serves,"
                                + " with half a second for writes to settle: %s ms; %d MiB resident%n",
                        routes, heap, start, millis, product.residentKib() / 1024);
            }
        }
    }

    private static void checkAndApply(Routes routes) throws Exception {
        try (EchoServer echo = new EchoServer();
                Product product = routes.setup(echo).heap("512m").start()) {
            List<Long> checks = new ArrayList<>();
            List<Long> applies = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                String version = "v1x" + round;
                product.change(() -> product.replace(Routes.name(0), routes.file(0, version, echo)));

                long begun = System.nanoTime();
                Command.sallyport(product.home(), "check", "conf/gateway.yaml").succeeds();
                checks.add(millisSince(begun));

                // held at what was before, so that it is the command that takes the files, and not the watch on them
                assertThat(product.admin()
                                .post("/v1/generations/previous/rollback", "")
                                .statusCode())
                        .isEqualTo(200);
                begun = System.nanoTime();
                assertThat(product.admin().post("/v1/config/apply", "").statusCode())
                        .isEqualTo(200);
                applies.add(millisSince(begun));
                assertThat(status(product, "/0/" + version + "/0/items/7")).isEqualTo(200);
            }
            System.out.printf(
                    "%s: check, from the command to its exit: %s ms; apply after it, from the call to its answer: %s"
                            + " ms%n",
                    routes, checks, applies);
        }
    }

    private static int status(Product product, String path) {
        return product.client().get(path).statusCode();
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }

    /** So many files of so many routes each, with so many steps on each route. */
    private record Routes(int files, int each, int steps) {

        Product.Setup setup(EchoServer echo) {
            Product.Setup setup = Product.with(Product.web("include: [\"teams/*.yaml\"]"));
            for (int file = 0; file < files; file++) {
                setup.file(name(file), file(file, "v1", echo));
            }
            return setup;
        }

        static String name(int file) {
            return "conf/teams/team%03d.yaml".formatted(file);
        }

        String file(int file, String version, EchoServer echo) {
            return IntStream.range(0, each)
                    .mapToObj(route -> """
                          - name: t%1$d-r%3$d
                            match: {paths: ["/%1$d/%2$s/%3$d/items/{id}", "/%1$d/%2$s/%3$d/more/**"]}
                            upstream: team%1$d%4$s
                        """.formatted(file, version, route, plugins(version, route)))
                    .collect(Collectors.joining(
                            "",
                            "upstreams:\n  team%d: {targets: [\"%s\"]}\nroutes:\n".formatted(file, echo.address()),
                            ""));
        }

        private String plugins(String version, int route) {
            return steps == 0
                    ? ""
                    : "\n    plugins:"
                            + "\n      - headers: {response: {set: {x-route: \"%s-%d\"}}}".formatted(version, route)
                            + (steps == 1 ? "" : "\n      - rate-limit: {limit: %d/s}".formatted(1_000 + route));
        }

        @Override
        public String toString() {
            return files * each + " routes in " + files + " files, " + steps + " steps on each";
        }
    }
}
