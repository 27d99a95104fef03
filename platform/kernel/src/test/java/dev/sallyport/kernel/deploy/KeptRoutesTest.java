package dev.sallyport.kernel.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes of files that did not change are taken over as they serve, but where what they stand on has changed. */
final class KeptRoutesTest {

    private static final String MAIN = "include: [team-*.yaml]\n";

    @TempDir
    private Path home;

    @BeforeEach
    void drop() throws IOException {
        OwnerOnly.createFolder(home.resolve("plugins"));
        echo("1.0.0");
        PluginJar.of("mark", "1.0.0").filter("acme/mark", "x.Mark", """
            return (request, next) -> next.proceed(request.withHeaders(
                    request.headers().with("x-mark", config.header())));
            """).build(home.resolve("plugins/mark.jar"));
        team("a", "{name: a, match: {paths: [/a]}, plugins: [{acme/echo: {header: a}}]}");
        team("b", "{name: b, match: {paths: [/b]}, plugins: [{acme/echo: {header: b}}]}");
    }

    /** Answers with its version, its header, and the mark that came. */
    private void echo(String version) throws IOException {
        PluginJar.of("echo", version)
                .filter("acme/echo", "x.Echo", """
                    return (request, next) -> Response.of(200).withHeader(
                            "x-version", "%s " + config.header() + request.headers().get("x-mark", ""));
                    """.formatted(version))
                .build(home.resolve("plugins/echo.jar"));
    }

    private void team(String name, String route) throws IOException {
        Files.writeString(home.resolve("team-" + name + ".yaml"), "routes: [" + route + "]\n");
    }

    @Test
    void serveOnWithTheirInstancesWhereAnotherFileChanges() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, MAIN)) {
            team("b", "{name: b, match: {paths: [/b2]}, plugins: [{acme/echo: {header: b2}}]}");

            ReloadResult result = running.gateway().reload("test");

            assertThat(result.kept()).isEqualTo(1);
            assertThat(result.created()).isEqualTo(1);
            assertThat(running.version("/a")).isEqualTo("1.0.0 a");
            assertThat(running.version("/b")).isEqualTo("404");
            assertThat(running.version("/b2")).isEqualTo("1.0.0 b2");
        }
    }

    @Test
    void standBehindAStepBeforeRoutingThatIsNew() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, MAIN)) {
            assertThat(running.configure(MAIN + "plugins: [{acme/mark: {header: m1}}, {acme/mark: {header: m2}}]")
                            .applied())
                    .isTrue();

            assertThat(running.version("/a")).isEqualTo("1.0.0 am2");
            assertThat(running.configure(MAIN).kept()).isEqualTo(2);
            assertThat(running.version("/a")).isEqualTo("1.0.0 a");
        }
    }

    @Test
    void areServedByThePluginThatIsThereNow() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, MAIN)) {
            echo("1.1.0");

            RunningGateway.await(() -> running.version("/a").equals("1.1.0 a"));
        }
    }

    @Test
    void goToTheTargetsThatTheirUpstreamHasNow() throws Exception {
        team("a", "{name: a, match: {paths: [/a]}, upstream: one}");
        team("c", "{name: c, match: {paths: [/c]}, upstream: {to: one}, timeouts: {total: 7s}}");
        try (RunningGateway one = RunningGateway.in(Files.createDirectories(home.resolve("one")), answer("one"));
                RunningGateway two = RunningGateway.in(Files.createDirectories(home.resolve("two")), answer("two"));
                RunningGateway running = RunningGateway.in(home, MAIN + upstream(one, ""))) {
            assertThat(running.version("/a")).isEqualTo("one");

            running.configure(MAIN + upstream(two, ""));

            assertThat(running.version("/a")).isEqualTo("two");
            assertThat(running.version("/c")).isEqualTo("two");
            running.configure(MAIN + upstream(two, ", plugins: [{acme/echo: {header: attempt}}]"));
            assertThat(running.version("/a")).isEqualTo("1.0.0 attempt");
            assertThat(running.version("/c")).isEqualTo("1.0.0 attempt");
            running.configure(MAIN + upstream(two, ""));
            assertThat(running.version("/a")).isEqualTo("two");
        }
    }

    private static String upstream(RunningGateway target, String more) {
        return "upstreams: {one: {targets: ['http://127.0.0.1:%d']%s}}\n"
                .formatted(target.gateway().addresses().get("web").port(), more);
    }

    private String answer(String name) throws IOException {
        OwnerOnly.createFolder(home.resolve(name + "/plugins"));
        PluginJar.of("stamp", "1.0.0")
                .filter(
                        "acme/stamp",
                        "x.Stamp",
                        "return (request, next) -> Response.of(200).withHeader(\"x-version\", \"" + name + "\");")
                .build(home.resolve(name + "/plugins/stamp.jar"));
        return "routes: [{name: all, plugins: [{acme/stamp: {header: x}}]}]\n";
    }

    @Test
    void areRecordedAsIfAllHadBeenReadAnew() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, MAIN)) {
            Map<String, String> before = parts(running);
            team("c", "{name: c, match: {paths: [/c]}, plugins: [{acme/echo: {header: c}}]}");
            Files.delete(home.resolve("team-b.yaml"));
            running.gateway().reload("test");

            Map<String, String> after = parts(running);

            assertThat(after).containsKey("route c").doesNotContainKey("route b");
            assertThat(after.get("route a")).isEqualTo(before.get("route a"));
            assertThat(running.gateway().history().newestFirst().getFirst().changes())
                    .contains("route b removed", "route c added")
                    .doesNotContain("route a changed");
            running.startAgain();
            assertThat(parts(running)).isEqualTo(after);
        }
    }

    /** Counts, in the properties of the system, how often each of its filters was closed; refuses the header {@code bad}. */
    private void counted() {
        PluginJar.of("counted", "1.0.0")
                .filter("acme/counted", "x.Counted", """
                    if (config.header().equals("bad")) {
                        throw new ConfigException("header", "bad");
                    }
                    return new Filter() {
                        @Override public Response handle(Request request, Next next) {
                            return Response.of(200).withHeader("x-version", config.header());
                        }
                        @Override public void close() {
                            String key = "closed." + config.header();
                            System.setProperty(key, System.getProperty(key, "") + "I");
                        }
                    };
                    """)
                .build(home.resolve("plugins/counted.jar"));
    }

    @Test
    void closeTheirStepsOnceAlsoWhereAChangeWasRefusedMeanwhile() throws Exception {
        counted();
        team("a", "{name: a, match: {paths: [/a]}, plugins: [{acme/counted: {header: keptA}}]}");
        try (RunningGateway running = RunningGateway.in(home, MAIN)) {
            team("b", "{name: b, match: {paths: [/b]}, plugins: [{acme/counted: {header: bad}}]}");
            assertThat(running.gateway().reload("refused").applied()).isFalse();
            for (String header : List.of("keptB1", "keptB2", "keptB3")) {
                team("b", "{name: b, match: {paths: [/b]}, plugins: [{acme/counted: {header: " + header + "}}]}");
                assertThat(running.gateway().reload(header).applied()).isTrue();
                assertThat(running.version("/b")).isEqualTo(header);
            }
            assertThat(running.version("/a")).isEqualTo("keptA");
            assertThat(System.getProperty("closed.keptA")).isNull();
        }

        for (String header : List.of("keptA", "keptB1", "keptB2", "keptB3")) {
            RunningGateway.await(() -> System.getProperty("closed." + header) != null);
            assertThat(System.clearProperty("closed." + header)).isEqualTo("I");
        }
    }

    @Test
    void letGoOfAPluginThatServesThemNoMore() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, MAIN)) {
            for (int i = 0; i < 5; i++) {
                team("b", "{name: b, match: {paths: [/b]}, plugins: [{acme/echo: {header: b" + i + "}}]}");
                assertThat(running.gateway().reload("change " + i).kept()).isEqualTo(1);
            }

            echo("1.1.0");

            RunningGateway.await(() -> running.version("/a").equals("1.1.0 a"));
            RunningGateway.await(() -> {
                System.gc();
                return running.gateway().loaders().plugins().stream()
                        .anyMatch(plugin -> plugin.id().equals("echo")
                                && plugin.retired() == 1
                                && plugin.unreclaimed().isEmpty());
            });
        }
    }

    private static Map<String, String> parts(RunningGateway running) {
        return running.gateway().history().newestFirst().getFirst().parts();
    }
}
