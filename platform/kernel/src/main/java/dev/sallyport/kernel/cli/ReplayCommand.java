package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.Reading;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.replay.Replay;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport replay}. */
@Command(
        name = "replay",
        description =
                "Runs recorded requests against another configuration, offline, and tells which routes and verdicts"
                        + " would differ. This runs code of the plugins.",
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "FILE",
            description =
                    "Traces (of trace --json, or of the admin API), or an access log in the format json or combined.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration to try; conf/gateway.yaml of the installation if not given.")
    private @Nullable Path config;

    @Option(
            names = "--base",
            paramLabel = "FILE",
            description = "Another configuration to compare with, in the place of what was recorded.")
    private @Nullable Path base;

    @Option(
            names = "--examples",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many requests are shown for each difference; 3 if not given.")
    private int examples;

    @Option(names = "--exit-code", description = "Ends with 1 where anything differs.")
    private boolean exitCode;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        if (!Files.isRegularFile(file)) {
            throw new CommandException(file + ": no such file (expected: what was recorded)");
        }
        Path next = Installation.existing(config == null ? Installation.home().resolve("conf/gateway.yaml") : config);
        try (Installation.Offline offline = Installation.offline(next)) {
            Replay.Subject subject = subject(next, offline);
            if (base == null) {
                return told(new Replay(file, examples).run(subject, null));
            }
            Path before = Installation.existing(base);
            try (Installation.Offline other = Installation.offline(before)) {
                return told(new Replay(file, examples).run(subject, subject(before, other)));
            }
        } catch (IOException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
    }

    private int told(Replay.Result result) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(result.json());
        } else {
            result.text().accept(out);
        }
        return exitCode && result.differs() ? Sallyport.NO : Sallyport.YES;
    }

    private Replay.Subject subject(Path from, Installation.Offline offline) throws CommandException {
        Reading reading = offline.read();
        ResolvedConfig read = reading.config();
        if (read == null) {
            reading.errors().forEach(problem -> spec.commandLine().getErr().println(problem.toString()));
            throw new CommandException(from + " is not valid");
        }
        return new Replay.Subject(
                read,
                offline.plugins(),
                offline.catalogue(),
                Installation.home().resolve(read.config().folders().scripts()),
                Objects.requireNonNull(from.toAbsolutePath().getParent(), "folder of the configuration"));
    }
}
