package dev.sallyport.kernel.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sallyport apply}. */
@Command(
        name = "apply",
        description = "Takes what the gateway's files and folders say now, and waits until it serves; a rollback that"
                + " held is over then.",
        mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private GenerationChange change;

    @Override
    public Integer call() throws CommandException, UnreachableException {
        return change.post("config/apply");
    }
}
