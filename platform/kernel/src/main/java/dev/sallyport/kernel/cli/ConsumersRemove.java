package dev.sallyport.kernel.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private GenerationChange change;

    @Override
    public Integer call() throws CommandException, UnreachableException {
        if (!name.matches("[\\w.@-]+")) {
            throw new CommandException(name + " (expected: letters, digits, '.', '_', '@' and '-')");
        }
        change.send("DELETE", "consumers/" + name, null, null);
        return Sallyport.YES;
    }
}
