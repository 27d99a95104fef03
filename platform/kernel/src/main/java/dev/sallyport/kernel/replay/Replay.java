package dev.sallyport.kernel.replay;

import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.plugin.Catalogue;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.replay.Replayer.NotRunnableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs a file of recorded requests through a configuration and compares. For one thread. */
public final class Replay {

    private final Path recorded;
    private final int examples;

    /**
     * A configuration to run them through.
     *
     * @param scripts the scripts folder
     * @param folder the main configuration file's
     */
    public record Subject(ResolvedConfig config, Plugins plugins, Catalogue catalogue, Path scripts, Path folder) {}

    /** What came of it. */
    public record Result(boolean differs, String json, Consumer<PrintWriter> text) {}

    /**
     * A replay.
     *
     * @param recorded traces or an access log
     * @param examples how many requests are shown for each difference
     */
    public Replay(Path recorded, int examples) {
        this.recorded = recorded;
        this.examples = examples;
    }

    /**
     * Runs it.
     *
     * @param subject whose verdicts are asked for
     * @param base whose verdicts they are compared with; null for what was recorded
     * @throws IOException where the file cannot be read, saying why
     */
    public Result run(Subject subject, @Nullable Subject base) throws IOException {
        RecordedFile file = RecordedFile.read(recorded);
        if (file.requests().isEmpty()) {
            throw new IOException("no line of " + recorded + " is a trace or of an access log (json or combined)");
        }
        Path data = Files.createTempDirectory("sallyport-replay");
        try {
            return run(file, subject, base, data);
        } catch (NotRunnableException e) {
            throw new IOException("the steps cannot be made:\n" + e.getMessage(), e);
        } finally {
            delete(data);
        }
    }

    private Result run(RecordedFile file, Subject subject, @Nullable Subject base, Path data)
            throws NotRunnableException {
        Comparison comparison = new Comparison(subject.config(), examples);
        try (Replayer next = replayer(subject, data.resolve("next"));
                Replayer before = base == null ? null : replayer(base, data.resolve("base"))) {
            for (Recorded one : file.requests()) {
                Outcome was = before == null ? one.outcome() : before.run(one).outcome();
                comparison.add(one, was, next.run(one));
            }
        }
        return new Result(
                comparison.hasDifferences(),
                comparison.json(file.unread()).toPrettyString(),
                out -> comparison.print(file.unread(), out));
    }

    static Replayer replayer(Subject subject, Path data) throws NotRunnableException {
        return new Replayer(
                subject.config(), subject.plugins(), subject.catalogue(), subject.scripts(), subject.folder(), data);
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
