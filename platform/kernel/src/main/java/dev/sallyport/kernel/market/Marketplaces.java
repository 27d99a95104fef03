package dev.sallyport.kernel.market;

import dev.sallyport.kernel.config.Sha256;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.kernel.config.TrustConfig.MarketplaceConfig;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.PluginException;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.plugin.Signatures;
import dev.sallyport.kernel.plugin.Trust;
import dev.sallyport.kernel.tls.ClientTls;
import dev.sallyport.kernel.tls.TlsFileException;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.Listing;
import dev.sallyport.marketplace.Release;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The marketplaces that a configuration names. For one thread at a time.
 *
 * <ol>
 *   <li>A plugin comes from the marketplace that the configuration gives its id to; else from the one that it was
 *       installed from first; else from the only one that offers it.
 *   <li>What a marketplace offers is taken only where a publisher whom the configuration trusts has signed it, and where
 *       the jar is what both its index and that signature say.
 * </ol>
 */
public final class Marketplaces implements AutoCloseable {

    private final TrustConfig trust;
    private final List<Marketplace> markets;
    private final MarketState state;
    private final Trust judge;

    /**
     * How they are reached.
     *
     * @param home what the paths of marketplaces are relative to
     * @param data the gateway's own folder, or that of this command's installation
     * @param mirror a folder, bundle or URL to take everything from, in the place of the configured ones; null for none
     * @param environment for proxies
     */
    public record Setting(
            TrustConfig trust,
            Path home,
            Path data,
            @Nullable String mirror,
            UnaryOperator<@Nullable String> environment,
            Clock clock,
            Pace pace) {

        /** The usual one. */
        public static Setting of(TrustConfig trust, Path home, Path data, @Nullable String mirror) {
            return new Setting(trust, home, data, mirror, System::getenv, Clock.systemUTC(), Pace.DEFAULT);
        }
    }

    private Marketplaces(TrustConfig trust, List<Marketplace> markets, MarketState state) {
        this.trust = trust;
        this.markets = List.copyOf(markets);
        this.state = state;
        this.judge = Trust.of(trust);
    }

    /** Makes ready to ask; nothing is asked yet. */
    public static Marketplaces open(Setting setting) throws MarketException {
        Path folder = setting.data().resolve("marketplaces");
        MarketState state = new MarketState(folder);
        Downloads downloads = new Downloads(folder.resolve("downloads"), setting.clock(), setting.pace());
        List<Marketplace> markets = new ArrayList<>();
        for (MarketplaceConfig each : setting.trust().marketplaces()) {
            markets.add(new Marketplace(each, files(each, setting), state, downloads, setting.clock()));
        }
        return new Marketplaces(setting.trust(), markets, state);
    }

    private static MarketFiles files(MarketplaceConfig config, Setting setting) throws MarketException {
        String place = setting.mirror() == null ? config.url() : setting.mirror();
        try {
            if (place.startsWith("http://") || place.startsWith("https://")) {
                URI uri = URI.create(place.endsWith("/") ? place : place + "/");
                if (uri.getHost() == null) {
                    throw new IllegalArgumentException("no host");
                }
                return new HttpFiles(
                        uri,
                        new Proxies(config.proxy(), setting.environment()),
                        config.ca() == null ? null : ClientTls.of(config.ca(), null));
            }
            Path path = place.startsWith("file:")
                    ? Path.of(URI.create(place))
                    : setting.mirror() == null ? setting.home().resolve(place) : Path.of(place);
            return Files.isRegularFile(path) ? new BundleFiles(path) : new FolderFiles(path);
        } catch (IllegalArgumentException e) {
            throw new MarketException(
                    place + " (expected: a URL such as https://plugins.example.com/, a folder or a bundle)");
        } catch (TlsFileException e) {
            throw new MarketException(String.valueOf(e.getMessage()));
        }
    }

    /** All of them. */
    public List<Marketplace> all() {
        return markets;
    }

    /** That one. */
    public Marketplace named(String name) throws MarketException {
        return markets.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new MarketException("no marketplace " + name + " is configured (expected: "
                        + (markets.isEmpty() ? "trust.marketplaces to name one" : names(markets)) + ")"));
    }

    private static String names(List<Marketplace> markets) {
        return markets.stream().map(Marketplace::name).collect(Collectors.joining(", "));
    }

    /**
     * The marketplaces that may offer a plugin.
     *
     * @throws MarketException where somebody else than the one that is asked for may
     */
    public List<Marketplace> mayOffer(String id, @Nullable String from) throws MarketException {
        if (markets.isEmpty()) {
            throw new MarketException("no marketplace is configured, so " + id
                    + " cannot be looked up; name one under trust.marketplaces, or give a jar or the URL of one");
        }
        List<Marketplace> may = markets.stream().filter(each -> each.claims(id)).toList();
        String why = "the configuration says that it comes from ";
        if (may.isEmpty()) {
            may = markets.stream().filter(Marketplace::isOpen).toList();
            String origin = state.origin(id);
            if (origin != null) {
                List<Marketplace> first = markets.stream()
                        .filter(each -> each.name().equals(origin))
                        .toList();
                if (first.isEmpty()) {
                    throw new MarketException(id + " came from the marketplace " + origin
                            + ", which is configured no more; to take it from another one, write "
                            + id + " under the ids of that");
                }
                may = first;
                why = "it was installed from ";
            }
        }
        if (from == null) {
            return may;
        }
        Marketplace asked = named(from);
        if (!may.contains(asked)) {
            throw new MarketException(id + " is not taken from " + from + ", since " + why + names(may) + "; write "
                    + id + " under the ids of the marketplace that you mean");
        }
        return List.of(asked);
    }

    /**
     * Chooses a release.
     *
     * @param version exactly that one; null for the newest that may be taken unasked
     * @param from the marketplace; null for the one that it comes from
     */
    public Choice choose(String id, @Nullable String version, @Nullable String from) throws MarketException {
        return choose(
                id,
                from,
                (market, index, listing) -> version == null
                        ? newest(market, index, listing, any -> true)
                        : exactly(market, index, listing, version));
    }

    /** Chooses the newest release that may be taken unasked and is one of those. */
    public Choice newest(String id, Predicate<String> versions) throws MarketException {
        return choose(id, null, (market, index, listing) -> newest(market, index, listing, versions));
    }

    /** Chooses among the releases of one plugin. */
    @FunctionalInterface
    private interface Way {
        Choice choose(Marketplace market, Index index, Listing listing) throws MarketException;
    }

    private Choice choose(String id, @Nullable String from, Way way) throws MarketException {
        List<Choice> offers = new ArrayList<>();
        List<Marketplace> may = mayOffer(id, from);
        for (Marketplace market : may) {
            Index index = market.index();
            Listing listing = index.plugins().get(id);
            if (listing != null) {
                offers.add(way.choose(market, index, listing));
            }
        }
        if (offers.isEmpty()) {
            throw new MarketException(
                    names(may) + " offers no plugin " + id + "; `sallyport market search` shows what there is");
        }
        if (offers.size() > 1) {
            throw new MarketException(id + " is offered by "
                    + offers.stream().map(each -> each.market().name()).collect(Collectors.joining(" and by "))
                    + ", and who is meant is not known; say --from NAME once, or write " + id
                    + " under the ids of one");
        }
        return offers.getFirst();
    }

    private static Choice newest(Marketplace market, Index index, Listing listing, Predicate<String> versions)
            throws MarketException {
        String id = listing.id();
        Release newest = Versions.newest(index, listing, versions)
                .orElseThrow(() -> new MarketException(market.name() + " offers no release of " + id
                        + " for the plugin API " + Plugins.API_VERSION + " that is not yanked or revoked;"
                        + " `sallyport market show " + id + "` tells more"));
        return new Choice(market, index, listing, newest);
    }

    private static Choice exactly(Marketplace market, Index index, Listing listing, String version)
            throws MarketException {
        String id = listing.id();
        Release release = listing.release(version)
                .orElseThrow(
                        () -> new MarketException(market.name() + " offers no " + id + " " + version + " (there are: "
                                + Versions.newestFirst(listing).stream()
                                        .limit(10)
                                        .map(Release::version)
                                        .collect(Collectors.joining(", "))
                                + ")"));
        if (!release.yanked().isEmpty()) {
            throw new MarketException(id + " " + version + " is yanked: " + release.yanked()
                    + "; take another version (a lock file that names it still gets it)");
        }
        return new Choice(market, index, listing, release);
    }

    /**
     * The release with exactly these bytes, yanked or not.
     *
     * @param from where it came from; {@code ""} for anywhere
     */
    public Choice locked(String id, String version, String sha256, String from) throws MarketException {
        for (Marketplace market : mayOffer(id, from.isEmpty() ? null : from)) {
            Index index = market.index();
            Listing listing = index.plugins().get(id);
            Optional<Release> release = listing == null
                    ? Optional.empty()
                    : listing.release(version).filter(each -> each.sha256().equals(sha256));
            if (listing != null && release.isPresent()) {
                return new Choice(market, index, listing, release.get());
            }
        }
        throw new MarketException("no marketplace offers " + id + " " + version + " with the sha256 " + sha256
                + " any more; keep a mirror of what is locked, or lock anew");
    }

    /**
     * Fetches what was chosen, and judges it.
     *
     * @return the jar, its signature beside it; {@link #discard} it when it is used
     */
    public Artefact fetch(Choice choice, Progress progress) throws MarketException {
        Release release = choice.release();
        String reason = choice.index().revoked().get(release.sha256());
        if (reason != null) {
            throw new MarketException(choice + " is revoked: " + reason + "; take another version");
        }
        Path jar = choice.market().fetch(release, progress);
        boolean good = false;
        try {
            Artefact artefact = Plugins.inspect(jar);
            compare(choice, artefact);
            judge(choice, artefact);
            good = true;
            return artefact;
        } catch (PluginException e) {
            throw new MarketException(choice + " is not taken: " + e.getMessage());
        } catch (IOException e) {
            throw new MarketException(choice + " cannot be read as a jar: " + e);
        } finally {
            if (!good) {
                Marketplace.discard(jar);
            }
        }
    }

    /** Deletes what was fetched. */
    public void discard(Artefact artefact) {
        Marketplace.discard(artefact.path());
    }

    /** Puts what was fetched into a plugins folder, its signature first: a jar is never there without. */
    public void place(Artefact artefact, Path folder) throws MarketException {
        Path jar = placed(artefact.id(), artefact.version(), folder);
        try {
            if (Files.isRegularFile(Signatures.of(artefact.path()))) {
                Publication.copy(Signatures.of(artefact.path()), Signatures.of(jar));
            }
            Publication.copy(artefact.path(), jar);
        } catch (IOException e) {
            throw new MarketException(jar + " cannot be written (" + e + ")");
        }
    }

    /** Whether that jar lies in a plugins folder, where {@link #place} would put it. */
    public boolean isPlaced(String id, String version, String sha256, Path folder) throws MarketException {
        Path jar = placed(id, version, folder);
        try {
            return Files.isRegularFile(jar) && Plugins.hash(jar).equals(sha256);
        } catch (IOException e) {
            throw new MarketException(jar + " cannot be read (" + e + ")");
        }
    }

    private static Path placed(String id, String version, Path folder) {
        return folder.resolve(id + "-" + version + ".jar");
    }

    /** Remembers that it was installed from there. */
    public void installed(Choice choice) throws MarketException {
        state.came(choice.listing().id(), choice.market().name());
    }

    /** Where a plugin was installed from; null where nobody knows. */
    public @Nullable String origin(String id) throws MarketException {
        return state.origin(id);
    }

    private static void compare(Choice choice, Artefact artefact) throws MarketException {
        Release release = choice.release();
        String difference = null;
        if (!artefact.id().equals(choice.listing().id()) || !artefact.version().equals(release.version())) {
            difference = "the jar is " + artefact;
        } else if (!artefact.requires().equals(release.requires())) {
            difference = "the jar requires '" + artefact.requires() + "', the index says '" + release.requires() + "'";
        } else if (!artefact.permissions().equals(release.permissions())) {
            difference = "the jar asks for " + artefact.permissions() + ", the index says " + release.permissions();
        }
        if (difference != null) {
            throw new MarketException("what " + choice.market().name() + " lists as " + choice + " is something else: "
                    + difference + "; ask who runs the marketplace");
        }
    }

    /** By whom the configuration trusts; keys that the index revokes count no more. */
    private void judge(Choice choice, Artefact artefact) throws MarketException {
        TrustConfig now = choice.index().revoked().isEmpty() ? trust : withRevoked(choice.index());
        Trust with = now.equals(trust) ? judge : Trust.of(now);
        String why = switch (with.judge(artefact)) {
            case Trust.Verdict.Signed _, Trust.Verdict.Listed _ -> null;
            case Trust.Verdict.Unsigned _ ->
                "is not signed, and nothing is taken unsigned from a marketplace; ask its publisher to sign it";
            case Trust.Verdict.Wrong wrong -> wrong.reason();
        };
        if (why != null) {
            throw new MarketException(choice + " from " + choice.market().name() + " " + why);
        }
    }

    private TrustConfig withRevoked(Index index) {
        List<Sha256> revoked = Stream.concat(
                        trust.revoked().stream(),
                        index.revoked().keySet().stream().map(Sha256::new))
                .distinct()
                .toList();
        return new TrustConfig(trust.unsigned(), trust.publishers(), trust.hashes(), revoked, trust.marketplaces());
    }

    @Override
    public void close() {
        markets.forEach(Marketplace::close);
    }
}
