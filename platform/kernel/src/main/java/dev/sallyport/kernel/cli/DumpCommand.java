package dev.sallyport.kernel.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code sallyport dump}. */
@Command(
        name = "dump",
        description = "Prints the configuration that serves, all files as one, as it is written: secrets stay the"
                + " references that they are; one that is written out is hidden.",
        mixinStandardHelpOptions = true)
final class DumpCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private AdminClient admin;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException, UnreachableException {
        JsonNode config = Objects.requireNonNull(admin.get("config"));
        if (json) {
            spec.commandLine().getOut().println(config.toPrettyString());
        } else {
            spec.commandLine()
                    .getOut()
                    .print("# generation " + config.path("generation").asString("") + "\n"
                            + config.path("yaml").asString(""));
            spec.commandLine().getOut().flush();
        }
        return Sallyport.YES;
    }
}
