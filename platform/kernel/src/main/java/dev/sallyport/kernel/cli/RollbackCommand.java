package dev.sallyport.kernel.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sallyport rollback}. */
@Command(
        name = "rollback",
        description = "Goes back to a generation that served before, its plugins and scripts included, and holds it:"
                + " what files and folders say waits, also after a restart, until `apply` or `rollback --release`.",
        mixinStandardHelpOptions = true)
final class RollbackCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private GenerationChange change;

    @Option(names = "--to", paramLabel = "N", description = "The generation (default: the one before what serves).")
    private @Nullable Integer to;

    @Option(names = "--release", description = "Ends the hold, and takes what files and folders say.")
    private boolean release;

    @Override
    public Integer call() throws CommandException, UnreachableException {
        return change.post(
                release ? "config/apply" : "generations/" + (to == null ? "previous" : to.toString()) + "/rollback");
    }
}
