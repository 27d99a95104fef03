package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that discover, from a jar, in a gateway that serves. */
final class DiscoveryTest {

    /** Tells what a file lists; without it, the source is away. */
    private static final String BOOK = """
        package sample;

        import dev.sallyport.api.*;
        import dev.sallyport.api.config.*;
        import java.nio.file.*;
        import java.util.*;

        @Type("book")
        public final class Factory implements DiscoveryFactory<Factory.Config> {

            public record Config(@Doc("A file.") String file, @Doc("A text.") @Default("none") String text) {}

            @Override
            public Discovery create(Config config, ServiceContext context) {
                if (config.text().equals("no")) throw new ConfigException("text", "no (expected: another)");
                if (config.text().equals("broken")) throw new IllegalStateException("cannot be made");
                context.logger().log(System.Logger.Level.INFO, "made " + config.text());
                return new Discovery() {
                    @Override
                    public void watch(Query query, Listener listener) throws Exception {
                        List<String> last = null;
                        while (true) {
                            List<String> lines = Files.readAllLines(Path.of(config.file()));
                            if (!lines.equals(last)) {
                                last = lines;
                                listener.endpoints(lines.stream()
                                        .filter(line -> line.startsWith(query.service() + " "))
                                        .map(line -> Endpoint.of(query.scheme(), "127.0.0.1",
                                                Integer.parseInt(line.substring(line.indexOf(' ') + 1))))
                                        .toList());
                            }
                            Thread.sleep(20);
                        }
                    }

                    @Override
                    public void close() {
                        context.logger().log(System.Logger.Level.INFO, "closed " + config.text());
                    }
                };
            }
        }
        """;

    @TempDir
    Path folder;

    private Path jar;
    private Path list;

    @BeforeEach
    void build() throws IOException {
        jar = SamplePlugin.of(folder, "book", "1.0.0", BOOK);
        list = folder.resolve("list.txt");
    }

    private void list(TestUpstream... upstreams) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (TestUpstream upstream : upstreams) {
            lines.append("orders ").append(upstream.address().getPort()).append('\n');
        }
        Path part = folder.resolve("list.part");
        Files.writeString(part, lines);
        Files.move(part, list, StandardCopyOption.REPLACE_EXISTING);
    }

    private String config(String settings) {
        return """
            services:
              - {name: phones, book: {file: "%s"%s}}
            upstreams:
              orders: {discover: {service: {from: phones, name: orders}}}
            routes:
              - {name: all, upstream: orders}
            """.formatted(list, settings);
    }

    private static int status(TestGateway gateway) {
        return gateway.get("/").statusCode();
    }

    private static long logged(TestGateway gateway, String line) {
        return gateway.log().stream().filter(line::equals).count();
    }

    @Test
    void requestsFollowTheList() throws IOException {
        try (TestUpstream one = TestUpstream.start();
                TestUpstream two = TestUpstream.start()) {
            list(one);
            try (TestGateway gateway = TestGateway.with(jar).start(config(""))) {
                assertThat(status(gateway)).isEqualTo(200);
                assertThat(one.requests()).hasSize(1);

                list(two);
                gateway.await(
                        "the other target",
                        () -> status(gateway) == 200 && !two.requests().isEmpty());

                list();
                gateway.await("no target", () -> status(gateway) == 503);
                assertThat(gateway.degraded())
                        .anyMatch(line -> line.equals("upstream orders: service phones, orders has no targets now"));
            }
        }
    }

    @Test
    void theLastListStaysWhileTheSourceIsAway() throws IOException {
        try (TestUpstream one = TestUpstream.start()) {
            list(one);
            try (TestGateway gateway = TestGateway.with(jar).start(config(""))) {
                assertThat(status(gateway)).isEqualTo(200);

                Files.writeString(list, "orders nonsense\n");
                gateway.await(
                        "the source to be away",
                        () -> gateway.degraded().stream()
                                .anyMatch(
                                        line -> line.startsWith("upstream orders: service phones, orders is away since")
                                                && line.contains("1 targets are kept")));
                assertThat(status(gateway)).isEqualTo(200);

                list(one);
                gateway.await("the source to be back", () -> gateway.degraded().isEmpty());
            }
        }
    }

    @Test
    void aStartDoesNotWaitForASourceThatIsAway() throws IOException {
        try (TestUpstream one = TestUpstream.start();
                TestGateway gateway = TestGateway.with(jar).start(config(""))) {
            assertThat(status(gateway)).isEqualTo(503);

            list(one);
            gateway.await("the first list", () -> status(gateway) == 200);
        }
    }

    @Test
    void aServiceIsKeptOverAReloadAndMadeAnewWhenItsSettingsChange() throws IOException {
        try (TestUpstream one = TestUpstream.start()) {
            list(one);
            try (TestGateway gateway = TestGateway.with(jar).start(config(", text: a"))) {
                gateway.configure(config(", text: a") + "drain: {atStop: 5s}\n");
                assertThat(logged(gateway, "INFO book: made a")).isEqualTo(1);
                assertThat(logged(gateway, "INFO book: closed a")).isZero();

                gateway.configure(config(", text: b"));
                gateway.await("the old one to be closed", () -> logged(gateway, "INFO book: closed a") == 1);
                assertThat(logged(gateway, "INFO book: made b")).isEqualTo(1);
                assertThat(status(gateway)).isEqualTo(200);
            }
        }
    }

    @Test
    void aNewVersionOfItsPluginTakesOverWithoutAGap() throws IOException {
        try (TestUpstream one = TestUpstream.start()) {
            list(one);
            try (TestGateway gateway = TestGateway.with(jar).start(config(""))) {
                assertThat(status(gateway)).isEqualTo(200);
                Files.delete(list); // the new one cannot ask, and begins with what the old one told
                gateway.await("the source to be away", () -> !gateway.degraded().isEmpty());

                gateway.drop(PluginJar.withVersion(
                        jar,
                        "1.0.1",
                        Files.createDirectories(folder.resolve("copy")).resolve("book.jar")));

                assertThat(status(gateway)).isEqualTo(200);
                gateway.await("the old one to be closed once", () -> logged(gateway, "INFO book: closed none") == 1);
                gateway.await("the old loader to be gone", () -> {
                    System.gc();
                    return gateway.loaders().plugins().getFirst().retired() == 1
                            && gateway.loaders()
                                    .plugins()
                                    .getFirst()
                                    .unreclaimed()
                                    .isEmpty();
                });
                assertThat(gateway.loaders().plugins().getFirst().findings()).isEmpty();
                list(one);
                gateway.await("the new one to tell", () -> gateway.degraded().isEmpty());
            }
        }
    }

    @Test
    void aServiceThatCannotBeMadeRefusesTheChangeAndNamesTheKey() throws IOException {
        try (TestUpstream one = TestUpstream.start()) {
            list(one);
            try (TestGateway gateway = TestGateway.with(jar).start(config(""))) {
                ReloadResult refused = gateway.configure(config(", text: no"));
                ReloadResult failed = gateway.configure(config(", text: broken"));

                assertThat(refused.applied()).isFalse();
                assertThat(refused.problems())
                        .anyMatch(
                                problem -> problem.toString().contains("service phones: text: no (expected: another)"));
                assertThat(failed.applied()).isFalse();
                assertThat(failed.problems())
                        .anyMatch(problem -> problem.toString().contains("cannot be made"));
                assertThat(status(gateway)).isEqualTo(200);
            }
        }
    }

    @Test
    void aServiceWhosePluginIsMissingAtStartIsNamed() throws IOException {
        list();
        TestGateway.Builder without = TestGateway.with(SamplePlugin.in(folder.resolve("other"), "", ""));
        try (TestGateway gateway = without.start(config(""))) {

            assertThat(status(gateway)).isEqualTo(503);
            List<String> degraded = gateway.degraded();
            assertThat(degraded)
                    .anyMatch(line -> line.startsWith("service phones: no plugin offers the service type book"))
                    .anyMatch(line -> line.startsWith("upstream orders: service phones, orders is away since"));
        }
    }

    /** The code of the page for authors, under the names that these tests' jars have. */
    @Test
    void thePluginOfTheGuideFindsTargets() throws IOException {
        String code = MarkdownPage.read(Path.of("../../docs/guides/service-plugin.md")).fences().stream()
                .filter(fence -> fence.language().equals("java"))
                .findFirst()
                .orElseThrow()
                .text()
                .replace("package acme", "package sample")
                .replace("acme/host-file", "host-file")
                .replace("HostFileFactory", "Factory");
        Path made = SamplePlugin.of(Files.createDirectories(folder.resolve("guide")), "hosts", "1.0.0", code);
        try (TestUpstream one = TestUpstream.start()) {
            Files.writeString(list, "orders 127.0.0.1 " + one.address().getPort() + "\nothers 127.0.0.1 1\n");
            try (TestGateway gateway = TestGateway.with(made).start(config("").replace("book:", "host-file:"))) {
                assertThat(status(gateway)).isEqualTo(200);
            }
        }
    }
}
