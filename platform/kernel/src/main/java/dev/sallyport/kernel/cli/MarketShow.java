package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.market.Audit;
import dev.sallyport.kernel.market.ListingView;
import dev.sallyport.kernel.market.MarketException;
import dev.sallyport.kernel.market.Marketplace;
import dev.sallyport.kernel.market.Marketplaces;
import dev.sallyport.kernel.market.Versions;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.Listing;
import dev.sallyport.marketplace.Release;
import java.io.PrintWriter;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** {@code sallyport market show}. */
@Command(name = "show", description = "Tells all that a marketplace says of a plugin.", mixinStandardHelpOptions = true)
final class MarketShow implements Callable<Integer> {

    @Parameters(paramLabel = "ID", description = "The plugin's id.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String id;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private AskedMarkets asked;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException, MarketException {
        PluginId.checked(id);
        ArrayNode list = JsonMapper.shared().createArrayNode();
        PrintWriter out = spec.commandLine().getOut();
        try (Marketplaces open = asked.open()) {
            for (Marketplace each : open.offers().mayOffer(id, asked.from())) {
                Index index = each.index();
                Listing listing = index.plugins().get(id);
                if (listing == null) {
                    continue;
                }
                list.add(ListingView.of(each, index, listing));
                if (!asked.json()) {
                    print(each, index, listing, out);
                }
            }
        }
        if (asked.json()) {
            out.println(list.toPrettyString());
        } else if (list.isEmpty()) {
            throw new CommandException(
                    "no marketplace offers " + id + "; `sallyport market search` shows what there is");
        }
        return list.isEmpty() ? Sallyport.NO : Sallyport.YES;
    }

    private static void print(Marketplace market, Index index, Listing listing, PrintWriter out) {
        line(out, "plugin", listing.id());
        line(out, "marketplace", market.name() + ", index " + index.version() + ", good until " + index.expires());
        line(out, "publisher", listing.publisher());
        line(out, "description", listing.description());
        line(out, "status", listing.status());
        line(out, "security", listing.security());
        line(out, "docs", listing.docs());
        line(out, "deprecated", listing.deprecated());
        listing.advisories()
                .forEach(each -> line(out, "advisory", Audit.sentence(each) + "; affects " + each.affected()));
        for (Release each : Versions.newestFirst(listing)) {
            out.println();
            line(out, "version", each.version());
            line(out, "yanked", each.yanked());
            line(out, "revoked", index.revoked().getOrDefault(each.sha256(), ""));
            line(out, "sha256", each.sha256());
            line(out, "size", each.size() + " bytes");
            line(out, "published", each.published().toString());
            line(out, "requires", each.requires());
            line(
                    out,
                    "permissions",
                    each.permissions().isEmpty() ? "none" : String.join(", ", new TreeSet<>(each.permissions())));
            line(out, "licence", each.licence());
            line(out, "types", String.join(", ", each.types()));
            line(out, "sbom", each.sbom());
        }
    }

    private static void line(PrintWriter out, String name, String value) {
        if (!value.isEmpty()) {
            out.println(String.format("%-12s %s", name, value));
        }
    }
}
