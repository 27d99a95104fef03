package dev.sallyport.kernel.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport dev}: a gateway for the one who writes a plugin, in a folder that goes away with it. */
@Command(
        name = "dev",
        description = "Serves a plugin's project, and swaps the plugin in again whenever it changes.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A change of src/main or pom.xml is built by the project's own ./mvnw. Where an IDE compiles to"
                    + " target/classes, that is taken as it is; --no-build leaves the building to it.",
            "What cannot be compiled or is refused is told here, and what served before serves on.",
            "The installation's own plugins and data are left alone."
        })
final class DevCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "PROJECT",
            arity = "0..1",
            description = "The folder with pom.xml and gateway.yaml; the working folder if not given.")
    private @Nullable Path folder;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Another configuration than the project's gateway.yaml.")
    private @Nullable Path config;

    @Option(names = "--no-build", description = "Never builds: takes what appears in target.")
    private boolean noBuild;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        PrintWriter out = spec.commandLine().getOut();
        Path root = (folder == null ? Path.of("") : folder).toAbsolutePath().normalize();
        if (!Files.isRegularFile(root.resolve("pom.xml"))) {
            throw new CommandException(root + ": no pom.xml in it (expected: the Maven project of a plugin, as"
                    + " sallyport plugins new makes it)");
        }
        Path yaml = Installation.existing(config == null ? root.resolve("gateway.yaml") : config);
        // First, so that it is heard while the folder is made, and until it is gone; HUP, since a terminal may be
        // closed.
        try (Stopping stopping = new Stopping("HUP");
                DevHome home = DevHome.make(Installation.home(), root);
                DevProject project = new DevProject(root, !noBuild);
                DevLoop loop = new DevLoop(project, home, yaml, out, stopping::wish)) {
            loop.start();
            stopping.await();
            return loop.failed() ? Sallyport.NO : Sallyport.YES;
        } catch (IOException e) {
            throw new CommandException("it cannot run: " + e.getMessage());
        }
    }
}
