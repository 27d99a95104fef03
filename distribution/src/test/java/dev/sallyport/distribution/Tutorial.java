package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Takes the fenced blocks of a guide in order into an empty folder and runs them unedited: a block with a file's name is
 * written to it, {@code sh} is run, and each line of a {@code text} block after that is to be found in what was printed.
 */
final class Tutorial {

    private static final List<Integer> PORTS = List.of(8090, 8443, 9901, 9902);

    private Tutorial() {}

    /**
     * Runs a guide; whoever calls holds {@link Ports#ofTheGuides}.
     *
     * @param variables further ones in the environment of the shell
     * @param patience how long the whole guide may take
     */
    static void run(String guide, Map<String, String> variables, Duration patience) throws Exception {
        Command.installed("curl");
        assumeThat(PORTS).as("the ports of the guides are in use here").noneMatch(Ports::isOpen);
        Path work = Folders.temporary("tutorial");
        try {
            Path installation = Files.createDirectory(work.resolve("installation"));
            for (String part : List.of("bin", "plugins", "scripts")) {
                Folders.copy(Product.UNPACKED.resolve(part), installation.resolve(part));
            }
            for (String part : List.of("lib", "kit")) {
                Files.createSymbolicLink(installation.resolve(part), Product.UNPACKED.resolve(part));
            }
            run(guide, Files.createDirectory(work.resolve("folder")), installation, variables, patience);
        } finally {
            Folders.delete(work);
        }
    }

    private static void run(
            String guide, Path folder, Path installation, Map<String, String> variables, Duration patience)
            throws Exception {
        try (Shell shell = new Shell(folder, installation, variables, patience)) {
            String printed = "";
            for (FencedBlock block : FencedBlock.of(Repository.file(guide))) {
                if (!block.name().isEmpty()) {
                    Path file = folder.resolve(block.name());
                    Files.createDirectories(file.getParent());
                    Files.writeString(file, block.text());
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
        }
    }

    /** One shell for a whole guide, so that what one block exports or starts is there in the next. */
    private static final class Shell implements AutoCloseable {

        private final Process process;
        private final Output output;
        private final long deadline;
        private int blocks;

        Shell(Path folder, Path installation, Map<String, String> variables, Duration patience) throws IOException {
            deadline = System.nanoTime() + patience.toNanos();
            ProcessBuilder builder =
                    new ProcessBuilder("sh").directory(folder.toFile()).redirectErrorStream(true);
            Path java = Path.of(System.getProperty("java.home"));
            builder.environment().putAll(Product.environment());
            builder.environment().put("SALLYPORT", installation.toString());
            builder.environment().put("SALLYPORT_HEAP", "160m");
            builder.environment().put("PATH", java.resolve("bin") + ":" + System.getenv("PATH"));
            builder.environment().remove("CLASSPATH");
            builder.environment().putAll(variables);
            process = builder.start();
            output = Output.of(process);
            write("set -e\numask 022\n");
        }

        /** Runs a block and gives what it has printed. */
        String run(FencedBlock block) throws IOException {
            int from = output.size();
            String end = "end of block " + ++blocks;
            write(block.text() + "\nprintf '\\n" + end + "\\n'\n");
            output.await(
                    line -> line.equals(end),
                    "the end of " + block,
                    from,
                    Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
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
