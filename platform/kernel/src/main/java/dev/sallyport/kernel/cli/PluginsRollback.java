package dev.sallyport.kernel.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sallyport plugins rollback}. */
@Command(
        name = "rollback",
        description = "Goes back to the version that served before; the present one is not taken again until its bytes"
                + " change, or it is upgraded to.",
        mixinStandardHelpOptions = true)
final class PluginsRollback implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private PluginChange change;

    @Parameters(paramLabel = "ID", description = "The plugin's id.")
    @SuppressWarnings("NullAway.Init")
    private String id;

    @Override
    public Integer call() throws CommandException, UnreachableException {
        return change.tell(
                change.admin().change("POST", "plugins/" + PluginId.checked(id) + "/rollback" + change.query()));
    }
}
