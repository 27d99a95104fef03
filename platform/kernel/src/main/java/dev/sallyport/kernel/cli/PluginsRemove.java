package dev.sallyport.kernel.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sallyport plugins remove}. */
@Command(
        name = "remove",
        description =
                "Removes a plugin, or one version of it. Its file in the plugins folder stays, and is not taken again"
                        + " until its bytes change.",
        mixinStandardHelpOptions = true)
final class PluginsRemove implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private PluginChange change;

    @Parameters(paramLabel = "ID[@VERSION]", description = "The plugin's id.")
    @SuppressWarnings("NullAway.Init")
    private String plugin;

    @Option(names = "--force", description = "Also where steps are left without it: they answer 503 then.")
    private boolean force;

    @Override
    public Integer call() throws CommandException, UnreachableException {
        PluginId read = PluginId.parse(plugin);
        if (read == null) {
            throw new CommandException(plugin + " (expected: a plugin's id, such as rate-limit or rate-limit@1.4.0)");
        }
        List<String> parameters = new ArrayList<>();
        if (read.version() != null) {
            parameters.add("version=" + URLEncoder.encode(read.version(), StandardCharsets.UTF_8));
        }
        if (force) {
            parameters.add("force=true");
        }
        String query = change.query(parameters.toArray(String[]::new));
        return change.tell(change.admin().change("DELETE", "plugins/" + read.id() + query));
    }
}
