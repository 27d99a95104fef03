package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Takes the fenced blocks of a guide in order into an empty folder and runs them unedited: a block with a file's name is
 * written to it, {@code sh} is run, and each line of a {@code text} block after that is to be found in what was printed.
 */
final class TutorialIT {

    private static final List<Integer> PORTS = List.of(8090, 8443, 9901, 9902);

    private static Closeable ports;

    @BeforeAll
    static void takePorts() throws IOException {
        ports = Ports.ofTheGuides();
    }

    @AfterAll
    static void givePorts() throws IOException {
        ports.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "docs/guides/first-plugin.md",
                "docs/guides/plugins-live.md",
                "docs/guides/rollback.md",
                "docs/guides/config-changes.md",
                "docs/guides/canary.md",
                "docs/guides/doctor.md",
                "docs/guides/balancing.md",
                "docs/guides/explain.md",
                "docs/guides/signing.md",
                "docs/guides/marketplace.md",
                "docs/guides/tls.md",
                "docs/guides/trace.md",
                "docs/guides/monitor.md",
                "docs/guides/replay.md"
            })
    void everyBlockDoesWhatItSays(String guide) throws Exception {
        Command.installed("curl");
        assumeThat(PORTS).as("the ports of the guides are in use here").noneMatch(Ports::isOpen);
        Path installation = Folders.temporary("installation");
        Path folder = Folders.temporary("tutorial");
        for (String part : List.of("bin", "plugins", "scripts")) {
            Folders.copy(Product.UNPACKED.resolve(part), installation.resolve(part));
        }
        Files.createSymbolicLink(installation.resolve("lib"), Product.UNPACKED.resolve("lib"));
        try (Shell shell = new Shell(folder, installation)) {
            String printed = "";
            for (FencedBlock block : FencedBlock.of(Repository.file(guide))) {
                if (!block.name().isEmpty()) {
                    Files.writeString(folder.resolve(block.name()), block.text());
                } else if (block.language().equals("sh")) {
                    printed = shell.run(block);
                } else if (block.language().equals("text")) {
                    assertThat(printed.lines().map(String::strip).toList())
                            .as("what was printed before " + block)
                            .satisfies(lines -> block.text()
                                    .lines()
                                    .forEach(expected ->
                                            assertThat(lines).anyMatch(line -> line.contains(expected.strip()))));
                }
            }
        } finally {
            Folders.delete(folder);
            Folders.delete(installation);
        }
    }

    /** One shell for a whole guide, so that what one block exports or starts is there in the next. */
    private static final class Shell implements AutoCloseable {

        private final Process process;
        private final Output output;
        private int blocks;

        Shell(Path folder, Path installation) throws IOException {
            ProcessBuilder builder =
                    new ProcessBuilder("sh").directory(folder.toFile()).redirectErrorStream(true);
            Path java = Path.of(System.getProperty("java.home"));
            builder.environment().putAll(Product.environment());
            builder.environment().put("SALLYPORT", installation.toString());
            builder.environment().put("SALLYPORT_HEAP", "160m");
            builder.environment().put("PATH", java.resolve("bin") + ":" + System.getenv("PATH"));
            builder.environment().remove("CLASSPATH");
            process = builder.start();
            output = Output.of(process);
            write("set -e\numask 022\n");
        }

        /** Runs a block and gives what it has printed. */
        String run(FencedBlock block) throws IOException {
            int from = output.size();
            String end = "end of block " + ++blocks;
            write(block.text() + "\nprintf '\\n" + end + "\\n'\n");
            output.await(line -> line.equals(end), "the end of " + block, from);
            return String.join("\n", output.lines().subList(from, output.size()));
        }

        private void write(String text) throws IOException {
            BufferedWriter in = process.outputWriter();
            in.write(text);
            in.flush();
        }

        @Override
        public void close() throws IOException {
            process.descendants().forEach(ProcessHandle::destroy);
            process.outputWriter().close();
            process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
            await().atMost(Duration.ofSeconds(60)).until(() -> PORTS.stream().noneMatch(Ports::isOpen));
        }
    }
}
