package dev.sallyport.kernel.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sallyport market}. */
@Command(
        name = "market",
        description = "Finds plugins, signs and publishes them, and tells who signed one.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            MarketSearch.class,
            MarketShow.class,
            MarketMirror.class,
            MarketKeygen.class,
            MarketSign.class,
            MarketVerify.class,
            MarketPublish.class,
            MarketServe.class
        })
final class MarketCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return 2;
    }
}
