package dev.sallyport.kernel.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport plugins new}. */
@Command(
        name = "new",
        description = "Makes a Maven project of a plugin that builds, with its tests.",
        mixinStandardHelpOptions = true)
final class PluginsNew implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "Publisher and name in kebab-case, such as acme/quota.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "The project's folder, which is not there yet; PUBLISHER-NAME if not given.")
    private @Nullable Path folder;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        PluginProject project = PluginProject.of(name);
        Path kit = Installation.home().resolve("kit");
        if (!Files.isDirectory(kit.resolve("template")) || !Files.isDirectory(kit.resolve("maven"))) {
            throw new CommandException(kit + ": no plugin kit here (expected: template and maven in it); unpack the"
                    + " whole archive of the gateway");
        }
        if (kit.toString().contains(",")) {
            throw new CommandException(
                    kit + ": its path has a comma, where Maven would take it for two (expected: a path"
                            + " without one); move the gateway");
        }
        Path target = folder == null ? Path.of(project.id()) : folder;
        try {
            List<Path> files = project.write(kit, target);
            PrintWriter out = spec.commandLine().getOut();
            out.println(target + ": a plugin of type " + name + ", " + files.size() + " files");
            out.println();
            out.println("  cd " + target);
            out.println("  ./mvnw verify          builds it, and tests the jar in a gateway");
            out.println("  sallyport dev          serves it, and again whenever you change it");
            return Sallyport.YES;
        } catch (FileAlreadyExistsException e) {
            throw new CommandException(
                    e.getMessage() + " is there already, and nothing is overwritten; choose another with --dir");
        } catch (IOException e) {
            throw new CommandException(target + " cannot be written: " + e);
        }
    }
}
