package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.market.Choice;
import dev.sallyport.kernel.market.MarketException;
import dev.sallyport.kernel.market.Marketplaces;
import dev.sallyport.kernel.market.Versions;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code sallyport plugins upgrade}. */
@Command(
        name = "upgrade",
        description = "Takes the newest version that is offered, also one that was rolled back or removed.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Where a marketplace of trust.marketplaces has a newer one than the gateway, that is fetched and"
                    + " installed;",
            "where one cannot be asked or is not believed, this command ends with 1."
        })
final class PluginsUpgrade implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private PluginChange change;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Markets markets;

    @Parameters(paramLabel = "ID", description = "The plugin's id.")
    @SuppressWarnings("NullAway.Init")
    private String id;

    @Option(names = "--major", description = "Also one of another major version.")
    private boolean major;

    @Option(names = "--permit", description = "Also one that asks for more permissions than the one that serves.")
    private boolean permit;

    private boolean unknown;

    @Override
    public Integer call() throws CommandException, UnreachableException, MarketException {
        PluginId.checked(id);
        Integer status = null;
        try (Marketplaces open = markets.openIfThere(change.admin().file(), null)) {
            if (!open.all().isEmpty()) {
                status = fromMarket(open);
            }
        }
        // A version of another major that came is only available until it is asked for by name.
        if (status != null && (!major || change.isDryRun())) {
            return status;
        }
        String query = major ? change.query("major=true") : change.query();
        int told = change.tell(change.admin().change("POST", "plugins/" + id + "/upgrade" + query));
        return unknown ? Sallyport.NO : told;
    }

    /** What came of it; null where the marketplaces have nothing newer. */
    private @Nullable Integer fromMarket(Marketplaces open)
            throws CommandException, UnreachableException, MarketException {
        MarketInstall install = new MarketInstall(open, change, null);
        JsonNode serving = install.serving(id);
        if (serving == null) {
            return null;
        }
        String now = serving.path("version").asString("");
        Choice choice;
        try {
            choice = open.offers()
                    .newest(id, each -> major || Versions.isSameMajor(each, now))
                    .orElse(null);
        } catch (MarketException e) {
            // What the gateway has itself is taken nevertheless; but nobody shall think that there is no more.
            change.err().println("whether a marketplace has a newer " + id + " is not known: " + e.getMessage());
            unknown = true;
            return null;
        }
        if (choice == null || !Versions.isNewer(choice.release().version(), now)) {
            return null;
        }
        Set<String> more = new TreeSet<>(choice.release().permissions());
        serving.path("permissions").forEach(each -> more.remove(each.asString("")));
        if (!more.isEmpty() && !permit) {
            throw new CommandException(choice + " asks for permissions that " + now + " does not have: "
                    + String.join(", ", more) + "; say --permit if you mean to give them");
        }
        install.warn(choice);
        return install.take(choice);
    }
}
