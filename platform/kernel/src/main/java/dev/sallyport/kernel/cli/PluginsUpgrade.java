package dev.sallyport.kernel.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sallyport plugins upgrade}. */
@Command(
        name = "upgrade",
        description = "Takes the newest version that is offered, also one that was rolled back or removed.",
        mixinStandardHelpOptions = true)
final class PluginsUpgrade implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private PluginChange change;

    @Parameters(paramLabel = "ID", description = "The plugin's id.")
    @SuppressWarnings("NullAway.Init")
    private String id;

    @Option(names = "--major", description = "Also one of another major version.")
    private boolean major;

    @Override
    public Integer call() throws CommandException, UnreachableException {
        String query = major ? change.query("major=true") : change.query();
        return change.tell(change.admin().change("POST", "plugins/" + PluginId.checked(id) + "/upgrade" + query));
    }
}
