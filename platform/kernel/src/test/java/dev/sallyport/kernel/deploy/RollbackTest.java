package dev.sallyport.kernel.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RollbackTest {

    private static final String ONE =
            "routes: [{name: a, match: {paths: [/a]}, plugins: [{acme/hello: {header: x}}]}]\n";
    private static final String TWO = """
        routes:
          - {name: a, match: {paths: [/a]}, plugins: [{acme/hello: {header: x}}]}
          - {name: b, match: {paths: [/b]}, plugins: [{acme/hello: {header: x}}]}
        """;

    @TempDir
    private Path home;

    private void drop(String version) throws IOException {
        OwnerOnly.createFolder(home.resolve("plugins"));
        Path part = home.resolve("hello.part");
        PluginJar.stamp("hello", version).build(part);
        Files.move(part, home.resolve("plugins/hello.jar"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private void dropAndAwait(RunningGateway running, String version) throws Exception {
        drop(version);
        RunningGateway.await(() -> running.version("/a").equals(version));
    }

    @Test
    void goesBackToTheGenerationBefore() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = RunningGateway.in(home, ONE)) {
            running.configure(TWO);
            assertThat(running.version("/b")).isEqualTo("1.0.0");

            ReloadResult result = running.gateway().rollback(null, "ann", "b was a mistake");

            assertThat(result.applied()).isTrue();
            assertThat(running.version("/b")).isEqualTo("404");
            assertThat(running.version("/a")).isEqualTo("1.0.0");
            GenerationRecord record = running.gateway().history().newestFirst().getFirst();
            assertThat(record.number()).isEqualTo(3);
            assertThat(record.author()).isEqualTo("ann");
            assertThat(record.message()).isEqualTo("b was a mistake");
            assertThat(record.rollbackTo()).isEqualTo(1);
            assertThat(record.changes()).contains("route b removed", "file gateway.yaml changed");
        }
    }

    @Test
    void bringsBackTheJarThatServedThenAlthoughItsFileIsGone() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = RunningGateway.in(home, ONE)) {
            dropAndAwait(running, "1.1.0");

            running.gateway().rollback(1, "ann", "");

            assertThat(running.version("/a")).isEqualTo("1.0.0");
            assertThat(running.gateway().history().newestFirst().getFirst().changes())
                    .anyMatch(change -> change.startsWith("plugin hello changed: 1.1.0"));
        }
    }

    @Test
    void keepsTheInstancesThatBothHave() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = RunningGateway.in(home, ONE)) {
            running.configure(TWO);

            ReloadResult result = running.gateway().rollback(1, "ann", "");

            assertThat(result.kept()).isEqualTo(1);
            assertThat(result.created()).isZero();
        }
    }

    @Test
    void walksFurtherBackEachTime() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = RunningGateway.in(home, ONE)) {
            running.configure(TWO);
            dropAndAwait(running, "1.1.0");

            running.gateway().rollback(null, "ann", "");
            assertThat(running.version("/b")).isEqualTo("1.0.0");
            running.gateway().rollback(null, "ann", "");

            assertThat(running.version("/b")).isEqualTo("404");
        }
    }

    @Test
    void holdsWhateverFilesSayUntilTheyAreApplied() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = RunningGateway.in(home, TWO)) {
            running.configure(ONE);
            running.gateway().rollback(1, "ann", "");

            ReloadResult reload = running.configure(ONE.replace("name: a", "name: c"));

            assertThat(reload.applied()).isFalse();
            assertThat(running.version("/b")).isEqualTo("1.0.0");
            assertThat(running.gateway().pending()).contains("route b removed", "route c added");
            assertThat(running.gateway().degraded())
                    .anyMatch(line -> line.startsWith("a rollback holds: generation 3"));

            ReloadResult applied = running.gateway().apply(new Change("ann", "apply", "mended"));

            assertThat(applied.applied()).isTrue();
            assertThat(running.version("/b")).isEqualTo("404");
            assertThat(running.gateway().pending()).isEmpty();
            assertThat(running.gateway().history().hold()).isNull();
        }
    }

    @Test
    void holdsAgainstNewJars() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = RunningGateway.in(home, ONE)) {
            dropAndAwait(running, "1.1.0");
            running.gateway().rollback(null, "ann", "");

            drop("1.2.0");
            RunningGateway.await(() -> running.gateway().pending().stream().anyMatch(line -> line.contains("1.2.0")));

            assertThat(running.version("/a")).isEqualTo("1.0.0");
        }
    }

    @Test
    void holdsOverARestart() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = RunningGateway.in(home, TWO)) {
            dropAndAwait(running, "1.1.0");
            running.configure(ONE);
            running.gateway().rollback(1, "ann", "");

            running.startAgain();

            assertThat(running.version("/b")).isEqualTo("1.0.0");
            assertThat(running.gateway().pending()).contains("route b removed");
            running.gateway().apply(new Change("ann", "apply", ""));
            assertThat(running.version("/a")).isEqualTo("1.1.0");
            assertThat(running.version("/b")).isEqualTo("404");
        }
    }

    @Test
    void staysHeldWhereTheFilesAreNotValid() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = RunningGateway.in(home, TWO)) {
            running.configure(ONE);
            running.gateway().rollback(1, "ann", "");
            running.configure("routes: nothing\n");

            ReloadResult applied = running.gateway().apply(new Change("ann", "apply", ""));

            assertThat(applied.applied()).isFalse();
            assertThat(running.gateway().history().hold()).isNotNull();
            assertThat(running.version("/b")).isEqualTo("1.0.0");
        }
    }

    @Test
    void saysWhichGenerationsThereAre() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = RunningGateway.in(home, ONE)) {
            ReloadResult result = running.gateway().rollback(7, "ann", "");

            assertThat(result.applied()).isFalse();
            assertThat(result.problems())
                    .anyMatch(problem -> problem.message().equals("generation 7 is not kept (expected: one of 1)"));
            assertThat(running.gateway().history().hold()).isNull();
            assertThat(running.version("/a")).isEqualTo("1.0.0");
        }
    }

    @Test
    void startsOnWhatServedLastWhereTheFilesAreBroken() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = RunningGateway.in(home, ONE)) {
            Files.writeString(home.resolve("gateway.yaml"), "routes: nothing\n");

            running.startAgain();

            assertThat(running.version("/a")).isEqualTo("1.0.0");
            assertThat(running.gateway().degraded()).anyMatch(line -> line.contains("its last good state serves"));
        }
    }

    @Test
    void readsSecretsWhereTheFilesSaidAndNotWhereTheCopyLies() throws Exception {
        Path secrets = Files.createDirectories(home.resolveSibling("secrets-" + home.getFileName()));
        Files.writeString(secrets.resolve("host"), "example.com");
        Path conf = Files.createDirectories(home.resolve("conf"));
        Files.writeString(conf.resolve("more.yaml"), """
            upstreams: {up: {targets: ["http://127.0.0.1:1"], host: "${file:../../%s/host}"}}
            routes: [{name: up, match: {paths: [/up]}, upstream: up}]
            """.formatted(secrets.getFileName()));
        String yaml = """
            include: [{files: conf/*.yaml, secrets: ["file:%s/*"]}]
            """.formatted(secrets);
        try (RunningGateway running = RunningGateway.in(home, yaml)) {
            Files.writeString(home.resolve("gateway.yaml"), "routes: nothing\n");

            running.startAgain();

            assertThat(running.version("/up")).isEqualTo("502");
            assertThat(List.copyOf(running.gateway()
                            .history()
                            .newestFirst()
                            .getFirst()
                            .files()
                            .keySet()))
                    .containsExactlyInAnyOrder("gateway.yaml", "conf/more.yaml");
        }
    }
}
