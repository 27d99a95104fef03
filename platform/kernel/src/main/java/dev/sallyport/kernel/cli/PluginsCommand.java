package dev.sallyport.kernel.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code sallyport plugins}. */
@Command(
        name = "plugins",
        description = "The plugins of the gateway that runs, and new ones.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PluginsList.class,
            PluginsCommand.Show.class,
            PluginsInstall.class,
            PluginsLock.class,
            PluginsUpgrade.class,
            PluginsRemove.class,
            PluginsRollback.class,
            DoctorCommand.class,
            PluginsNew.class,
            PluginsCheck.class
        })
final class PluginsCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return 2;
    }

    /** {@code sallyport plugins show}. */
    @Command(
            name = "show",
            description = "Tells all about one plugin, each of its versions.",
            mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private AdminClient admin;

        @Parameters(paramLabel = "ID", description = "The plugin's id.")
        @SuppressWarnings("NullAway.Init")
        private String id;

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws CommandException, UnreachableException {
            JsonNode plugin = admin.get("plugins/" + PluginId.checked(id));
            PrintWriter out = spec.commandLine().getOut();
            if (plugin == null) {
                throw new CommandException("no plugin " + id + "; `sallyport plugins list` names those that are there");
            }
            if (json) {
                out.println(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(plugin));
            } else {
                String gap = "";
                for (JsonNode version : plugin) {
                    out.print(gap);
                    print("", version, out);
                    gap = "\n";
                }
            }
            return Sallyport.YES;
        }

        /** A line a fact. */
        private static void print(String name, JsonNode node, PrintWriter out) {
            if (node.isObject()) {
                node.forEachEntry((key, value) -> print(name.isEmpty() ? key : name + "." + key, value, out));
            } else if (node.isArray()) {
                int index = 0;
                for (JsonNode item : node) {
                    print(name + "[" + index++ + "]", item, out);
                }
            } else {
                out.println(name + ": " + node.asString(""));
            }
        }
    }
}
