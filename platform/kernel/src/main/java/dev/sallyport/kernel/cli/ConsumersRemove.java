package dev.sallyport.kernel.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sallyport consumers remove}. */
@Command(
        name = "remove",
        description =
                "Takes a consumer out of the configuration, where the admin API owns it; else prints the patch for"
                        + " the files, and ends with 1.",
        mixinStandardHelpOptions = true)
final class ConsumersRemove implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "The consumer's name.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "The id of the credential to remove; the whole consumer if not given.")
    private @Nullable String id;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private GenerationChange change;

    @Override
    public Integer call() throws CommandException, UnreachableException {
        if (!name.matches("[\\w.@-]+")) {
            throw new CommandException(name + " (expected: letters, digits, '.', '_', '@' and '-')");
        }
        if (id != null && !id.matches("[\\w.@-]+")) {
            throw new CommandException("--id " + id + " (expected: letters, digits, '.', '_', '@' and '-')");
        }
        change.send("DELETE", "consumers/" + name + (id == null ? "" : "/credentials/" + id), null, null);
        return Sallyport.YES;
    }
}
