package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.market.MarketException;
import dev.sallyport.kernel.market.Marketplace;
import dev.sallyport.kernel.market.Marketplaces;
import dev.sallyport.kernel.market.Versions;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.Listing;
import dev.sallyport.marketplace.Release;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** {@code sallyport market search}. */
@Command(
        name = "search",
        description = "Lists the plugins of the marketplaces that the configuration names.",
        mixinStandardHelpOptions = true,
        footer = {"", "Ends with 1 where nothing is found, or where a marketplace cannot be asked or is not believed."})
final class MarketSearch implements Callable<Integer> {

    @Parameters(
            paramLabel = "TEXT",
            arity = "0..1",
            defaultValue = "",
            description = "What id, description or types have in them; all plugins if not given.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String text;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private AskedMarkets asked;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException, MarketException {
        ArrayNode list = JsonMapper.shared().createArrayNode();
        boolean all = true;
        try (Marketplaces open = asked.open()) {
            if (open.all().isEmpty()) {
                throw new CommandException("no marketplace is configured (expected: one under trust.marketplaces)");
            }
            String from = asked.from();
            for (Marketplace each : from == null ? open.all() : List.of(open.named(from))) {
                all &= ask(each, list);
            }
        }
        if (asked.json()) {
            spec.commandLine().getOut().println(list.toPrettyString());
        } else {
            list.forEach(each -> spec.commandLine().getOut().println(line(each)));
        }
        return all && !list.isEmpty() ? Sallyport.YES : Sallyport.NO;
    }

    /** One that is down, or not believed, hides nothing of the others; whether it told. */
    private boolean ask(Marketplace market, ArrayNode list) {
        try {
            find(market, list);
            return true;
        } catch (MarketException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return false;
        }
    }

    private void find(Marketplace market, ArrayNode list) throws MarketException {
        Index index = market.index();
        String wanted = text.toLowerCase(Locale.ROOT);
        for (Listing each : index.plugins().values()) {
            Release newest = Versions.newest(index, each).orElse(null);
            String version = newest == null ? "" : newest.version();
            String all = each.id() + " " + each.description() + " " + (newest == null ? "" : newest.types());
            if (all.toLowerCase(Locale.ROOT).contains(wanted)) {
                list.addObject()
                        .put("id", each.id())
                        .put("version", version)
                        .put("marketplace", market.name())
                        .put("publisher", each.publisher())
                        .put("status", each.status())
                        .put("description", each.description())
                        .put("deprecated", each.deprecated());
            }
        }
    }

    private static String line(JsonNode each) {
        String deprecated = each.path("deprecated").asString("");
        return String.format(
                        "%-24s %-10s %-16s %s",
                        each.path("id").asString(""),
                        each.path("version").asString("none"),
                        each.path("marketplace").asString(""),
                        (deprecated.isEmpty() ? "" : "deprecated: " + deprecated + ". ")
                                + each.path("description").asString(""))
                .stripTrailing();
    }
}
