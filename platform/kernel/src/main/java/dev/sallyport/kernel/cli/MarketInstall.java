package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.market.Audit;
import dev.sallyport.kernel.market.Choice;
import dev.sallyport.kernel.market.MarketException;
import dev.sallyport.kernel.market.Marketplaces;
import dev.sallyport.kernel.market.Versions;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.marketplace.Advisory;
import dev.sallyport.marketplace.LockFile;
import dev.sallyport.marketplace.LockFile.Locked;
import dev.sallyport.marketplace.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Installs from marketplaces: everything is fetched and judged before anything is sent. */
final class MarketInstall {

    private final Marketplaces markets;
    private final PluginChange change;
    private final @Nullable Path into;

    /** @param into a folder to put jars into, in the place of the gateway that runs; null for the gateway */
    MarketInstall(Marketplaces markets, PluginChange change, @Nullable Path into) {
        this.markets = markets;
        this.change = change;
        this.into = into;
    }

    private record Fetched(Choice choice, Artefact artefact) {}

    /** Installs a plugin. */
    int install(PluginId what, @Nullable String from) throws CommandException, UnreachableException, MarketException {
        Choice choice = markets.offers().choose(what.id(), what.version(), from);
        if (what.version() == null && into == null) {
            refuseDowngrade(choice);
        }
        warn(choice);
        return take(choice);
    }

    /** Fetches what was chosen, and has the gateway take it. */
    int take(Choice choice) throws CommandException, UnreachableException, MarketException {
        Artefact artefact = markets.fetch(choice, new ProgressBar(change.err()));
        try {
            JsonNode done = send(new Fetched(choice, artefact));
            return done == null ? Sallyport.YES : change.tell(done);
        } finally {
            markets.discard(artefact);
        }
    }

    /** What nobody asked for by its version is never older than what is there. */
    private void refuseDowngrade(Choice choice) throws CommandException, UnreachableException {
        String version = choice.release().version();
        for (JsonNode each : present(choice.listing().id())) {
            String there = each.path("version").asString("");
            if (Versions.isNewer(there, version)) {
                throw new CommandException(choice.market().name() + " offers " + choice + " as the newest, and " + there
                        + " is there already: that would be a downgrade; if you mean it, say "
                        + choice.listing().id() + "@" + version);
            }
        }
    }

    /** The versions that the gateway has. */
    List<JsonNode> present(String id) throws CommandException, UnreachableException {
        List<JsonNode> present = new ArrayList<>();
        JsonNode versions = change.admin().get("plugins/" + id);
        if (versions != null) {
            for (JsonNode each : versions) {
                if (PluginsLock.isThere(each)) {
                    present.add(each);
                }
            }
        }
        return present;
    }

    void warn(Choice choice) {
        if (!choice.listing().deprecated().isEmpty()) {
            change.err()
                    .println(choice.listing().id() + " is deprecated: "
                            + choice.listing().deprecated());
        }
        for (Advisory each :
                Versions.advisories(choice.listing(), choice.release().version())) {
            change.err().println(choice + " has a known weakness: " + Audit.sentence(each));
        }
        change.err().flush();
    }

    private @Nullable JsonNode send(Fetched fetched) throws CommandException, UnreachableException, MarketException {
        String market = fetched.choice().market().name();
        if (!change.isDryRun()) {
            // Before anything is sent: whoever is killed in between has it from nowhere else the next time.
            markets.installed(fetched.choice());
        }
        if (into != null) {
            Sending.describe(fetched.artefact(), market, change.isJson() ? change.err() : change.out());
            if (!change.isDryRun()) {
                markets.place(fetched.artefact(), into);
            }
            return null;
        }
        return new Sending(change).send(fetched.artefact(), market);
    }

    /** Whoever serves there comes first, so that it does here too; then the lower versions. */
    private static List<Locked> inOrder(LockFile lock) {
        return lock.plugins().stream()
                .sorted(Comparator.comparing(Locked::id)
                        .thenComparing(each -> !each.serving())
                        .thenComparing(Locked::version, Versions.ORDER))
                .toList();
    }

    /** Installs exactly what a lock file names; what is there already is left as it is. */
    int installLocked(Path file) throws CommandException, UnreachableException, MarketException {
        LockFile lock = read(file);
        List<Fetched> fetched = new ArrayList<>();
        int status = Sallyport.YES;
        try {
            for (Locked each : inOrder(lock)) {
                if (!isThere(each)) {
                    Choice choice =
                            markets.offers().locked(each.id(), each.version(), each.sha256(), each.marketplace());
                    warn(choice);
                    fetched.add(new Fetched(choice, markets.fetch(choice, new ProgressBar(change.err()))));
                }
            }
            for (Fetched each : fetched) {
                JsonNode done = send(each);
                status = done == null ? status : Math.max(status, change.tell(done));
            }
        } finally {
            fetched.forEach(each -> markets.discard(each.artefact()));
        }
        for (Locked each : lock.plugins()) {
            if (each.serving() && into == null && !change.isDryRun()) {
                status = Math.max(status, serve(each));
            }
        }
        if (!change.isJson()) {
            change.out()
                    .println(file + ": " + fetched.size() + (change.isDryRun() ? " to install, " : " installed, ")
                            + (lock.plugins().size() - fetched.size()) + " there already");
        }
        return status;
    }

    /** Has that version serve; or tells which one does. */
    private int serve(Locked locked) throws CommandException, UnreachableException {
        if (!serves(locked) && isNewest(locked)) {
            change.tell(change.admin().change("POST", "plugins/" + locked.id() + "/upgrade?major=true"));
        }
        if (serves(locked)) {
            return Sallyport.YES;
        }
        JsonNode serving = serving(locked.id());
        change.err()
                .println(locked.id() + " " + locked.version() + " does not serve, "
                        + (serving == null
                                ? "and none does"
                                : "but " + serving.path("version").asString(""))
                        + "; remove or roll back what is newer, and run the same command again");
        return Sallyport.NO;
    }

    private boolean serves(Locked locked) throws CommandException, UnreachableException {
        return present(locked.id()).stream()
                .filter(PluginsLock::isServing)
                .anyMatch(each -> each.path("sha256").asString("").equals(locked.sha256()));
    }

    /** Whether the gateway would choose it: also what was declined comes back when it is asked for the newest. */
    private boolean isNewest(Locked locked) throws CommandException, UnreachableException {
        JsonNode versions = change.admin().get("plugins/" + locked.id());
        return versions == null
                || versions.valueStream()
                        .noneMatch(each -> Versions.isNewer(each.path("version").asString(""), locked.version()));
    }

    /** What serves the steps that name no version; null for nothing. */
    @Nullable
    JsonNode serving(String id) throws CommandException, UnreachableException {
        return present(id).stream().filter(PluginsLock::isServing).findFirst().orElse(null);
    }

    private boolean isThere(Locked locked) throws CommandException, UnreachableException, MarketException {
        if (into != null) {
            return markets.isPlaced(locked.id(), locked.version(), locked.sha256(), into);
        }
        return present(locked.id()).stream()
                .anyMatch(each -> each.path("sha256").asString("").equals(locked.sha256()));
    }

    static LockFile read(Path file) throws CommandException {
        try (InputStream in = Files.newInputStream(file)) {
            return LockFile.parse(in.readNBytes(LockFile.MOST_BYTES + 1));
        } catch (MalformedException e) {
            throw new CommandException(file + " " + e.getMessage() + "; make it with `sallyport plugins lock`");
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read: " + e);
        }
    }
}
