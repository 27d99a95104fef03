package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.plugin.Artefact;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport plugins check}: the judgement that each jar meets that a gateway takes, without one. */
@Command(
        name = "check",
        description = "Tells whether jars are plugins that this gateway would load, and what is in them.",
        mixinStandardHelpOptions = true,
        footer = {"", "Who signed them, and whether that is trusted, is told by sallyport market verify."})
final class PluginsCheck implements Callable<Integer> {

    @Parameters(paramLabel = "JAR", arity = "1..*", description = "Jars of plugins.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<Path> jars;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        boolean all = true;
        for (Path jar : jars) {
            try {
                Artefact plugin = MarketSign.inspect(jar);
                out.println(jar.getFileName() + " is " + plugin + " with " + extensions(plugin)
                        + (plugin.requires().isEmpty() ? "" : ", for the plugin API " + plugin.requires()));
            } catch (CommandException e) {
                spec.commandLine().getErr().println(e.getMessage());
                all = false;
            }
        }
        return all ? Sallyport.YES : Sallyport.NO;
    }

    private static String extensions(Artefact plugin) {
        return plugin.extensions().stream()
                .map(extension -> extension.point() + " " + extension.type())
                .collect(Collectors.joining(", "));
    }
}
