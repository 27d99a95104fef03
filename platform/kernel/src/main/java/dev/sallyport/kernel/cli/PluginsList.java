package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.market.Audit;
import dev.sallyport.kernel.market.MarketException;
import dev.sallyport.kernel.market.Marketplace;
import dev.sallyport.kernel.market.Marketplaces;
import dev.sallyport.marketplace.Index;
import java.io.PrintWriter;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code sallyport plugins list}. */
@Command(
        name = "list",
        description = "Lists the plugins, and what marketplaces say of them.",
        mixinStandardHelpOptions = true,
        footer = {"", "Marketplaces are not asked, unless --refresh says so: what they said last is told."})
final class PluginsList implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private AdminClient admin;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Markets markets;

    @Option(names = "--refresh", description = "Asks the marketplaces of the configuration first.")
    private boolean refresh;

    @Option(
            names = "--exit-code",
            description = "Ends with 1 where a plugin has an advisory, is yanked or revoked, or where it is not known.")
    private boolean exitCode;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException, UnreachableException, MarketException {
        JsonNode answer = admin.get("plugins");
        ArrayNode list = JsonMapper.shared().createArrayNode();
        boolean serious = false;
        try (Marketplaces open =
                markets.openAnyhow(admin.file(), spec.commandLine().getErr())) {
            serious |= look(open);
            Audit audit = new Audit(open);
            if (answer != null) {
                for (JsonNode each : answer) {
                    serious |= add(audit, (ObjectNode) each, list);
                }
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(list.toPrettyString());
        } else {
            list.forEach(plugin -> out.println(line(plugin)));
        }
        return serious && exitCode ? Sallyport.NO : Sallyport.YES;
    }

    /** What is old is said to be; whether any is. */
    private boolean look(Marketplaces open) throws MarketException {
        boolean unknown = false;
        for (Marketplace each : open.all()) {
            unknown |= refresh && !ask(each);
            Index kept = each.kept();
            if (kept == null || each.isStale(kept)) {
                unknown = true;
                spec.commandLine()
                        .getErr()
                        .println("what the marketplace " + each.name() + " says is "
                                + (kept == null ? "not known" : "too old to tell of new advisories")
                                + "; `sallyport plugins list --refresh` asks it");
            }
        }
        return unknown || markets.isUnknown();
    }

    /** One that is down, or not believed, hides nothing of what the gateway has; whether it told. */
    private boolean ask(Marketplace market) {
        try {
            market.index();
            return true;
        } catch (MarketException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return false;
        }
    }

    private static boolean add(Audit audit, ObjectNode plugin, ArrayNode list) {
        list.add(plugin);
        if (!PluginsLock.isThere(plugin)) {
            return false;
        }
        Audit.Report report = audit.of(
                plugin.path("id").asString(""),
                plugin.path("version").asString(""),
                plugin.path("sha256").asString(""),
                plugin.path("publisher").asString(""));
        if (!report.newer().isEmpty()) {
            plugin.put("newer", report.newer());
        }
        if (!report.findings().isEmpty()) {
            report.findings().forEach(plugin.putArray("findings")::add);
        }
        return report.serious();
    }

    private static String line(JsonNode plugin) {
        StringJoiner notes = new StringJoiner("; ");
        add(notes, signature(plugin));
        add(notes, plugin.path("reason").asString(""));
        String newer = plugin.path("newer").asString("");
        add(notes, newer.isEmpty() ? "" : "outdated: " + newer + " is there");
        plugin.path("findings").forEach(each -> add(notes, each.asString("")));
        return String.format(
                        "%-20s %-10s %-10s %s",
                        plugin.path("id").asString(plugin.path("file").asString("")),
                        plugin.path("version").asString(""),
                        plugin.path("state").asString(""),
                        notes)
                .stripTrailing();
    }

    private static void add(StringJoiner notes, String note) {
        if (!note.isEmpty()) {
            notes.add(note);
        }
    }

    private static String signature(JsonNode plugin) {
        return switch (plugin.path("signature").asString("")) {
            case "good" -> "signed by " + plugin.path("publisher").asString("");
            case "listed" -> "trusted by its hash";
            default -> "";
        };
    }
}
