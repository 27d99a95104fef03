package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.FileWatch;
import dev.sallyport.kernel.script.ScriptTemplate;
import dev.sallyport.kernel.script.ScriptTests;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.SynchronousQueue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport scripts}. */
@Command(
        name = "scripts",
        description = "JavaScript transforms.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ScriptsCommand.Test.class, ScriptsCommand.New.class})
final class ScriptsCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return 2;
    }

    /** {@code sallyport scripts test}. */
    @Command(
            name = "test",
            description = "Runs the *.test.yaml of a folder against the scripts beside them.",
            mixinStandardHelpOptions = true)
    static final class Test implements Callable<Integer> {

        @Parameters(
                paramLabel = "DIR",
                arity = "0..1",
                description = "The folder; scripts of the installation if not given.")
        private @Nullable Path folder;

        @Option(names = "--coverage", description = "Shows which lines of the scripts the tests have run.")
        private boolean coverage;

        @Option(names = "--watch", description = "Goes on: runs them again whenever a file of the folder changes.")
        private boolean watch;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws CommandException {
            Path scripts = folder == null ? Installation.home().resolve("scripts") : folder;
            if (!Files.isDirectory(scripts)) {
                throw new CommandException(scripts + ": no such folder (expected: one with scripts and their tests)");
            }
            if (watch) {
                watch(scripts);
            }
            return run(scripts) ? Sallyport.YES : Sallyport.NO;
        }

        private boolean run(Path scripts) throws CommandException {
            try {
                return ScriptTests.run(scripts, coverage, spec.commandLine().getOut()::println)
                        .isGood();
            } catch (IOException e) {
                throw new CommandException(scripts + " cannot be read: " + e.getMessage());
            }
        }

        /** Comes back only when this thread is interrupted. */
        private void watch(Path scripts) throws CommandException {
            PrintWriter out = spec.commandLine().getOut();
            SynchronousQueue<Path> changes = new SynchronousQueue<>();
            try (var _ = new FileWatch("watch scripts", () -> Set.of(scripts), () -> changes.offer(scripts))) {
                while (true) {
                    run(scripts);
                    out.println("waiting for a change in " + scripts + " (Ctrl-C ends it)");
                    out.flush();
                    changes.take();
                    out.println();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** {@code sallyport scripts new}. */
    @Command(name = "new", description = "Makes a script and a test that passes.", mixinStandardHelpOptions = true)
    static final class New implements Callable<Integer> {

        @Parameters(paramLabel = "NAME", description = "In kebab-case, such as add-region.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Option(
                names = "--dir",
                paramLabel = "DIR",
                description = "The folder; scripts of the installation if not given.")
        private @Nullable Path folder;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws CommandException {
            Path scripts = folder == null ? Installation.home().resolve("scripts") : folder;
            try {
                ScriptTemplate.write(scripts, name).forEach(spec.commandLine().getOut()::println);
                return Sallyport.YES;
            } catch (IllegalArgumentException e) {
                throw new CommandException(String.valueOf(e.getMessage()));
            } catch (FileAlreadyExistsException e) {
                throw new CommandException(e.getMessage() + " is there already; choose another name");
            } catch (IOException e) {
                throw new CommandException(scripts + " cannot be written: " + e.getMessage());
            }
        }
    }
}
