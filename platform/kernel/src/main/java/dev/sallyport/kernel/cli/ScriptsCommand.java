package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.script.ScriptTemplate;
import dev.sallyport.kernel.script.ScriptTests;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws CommandException {
            Path scripts = folder == null ? Installation.home().resolve("scripts") : folder;
            if (!Files.isDirectory(scripts)) {
                throw new CommandException(scripts + ": no such folder (expected: one with scripts and their tests)");
            }
            try {
                ScriptTests.Result result =
                        ScriptTests.run(scripts, spec.commandLine().getOut()::println);
                return result.isGood() ? Sallyport.YES : Sallyport.NO;
            } catch (IOException e) {
                throw new CommandException(scripts + " cannot be read: " + e.getMessage());
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
