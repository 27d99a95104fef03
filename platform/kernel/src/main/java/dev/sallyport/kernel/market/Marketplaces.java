package dev.sallyport.kernel.market;

import dev.sallyport.kernel.config.Sha256;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.kernel.config.TrustConfig.MarketplaceConfig;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PartFile;
import dev.sallyport.kernel.plugin.PluginException;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.plugin.Signatures;
import dev.sallyport.kernel.plugin.Trust;
import dev.sallyport.kernel.tls.ClientTls;
import dev.sallyport.kernel.tls.TlsFileException;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.PublisherKey;
import dev.sallyport.marketplace.Release;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The marketplaces that a configuration names. What one offers is taken only where a publisher whom the configuration
 * trusts has signed it, and where the jar is what both its index and that signature say. For one thread at a time.
 */
public final class Marketplaces implements AutoCloseable {

    /** After that, nobody is writing a file any more that is in the making. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final TrustConfig trust;
    private final List<Marketplace> markets;
    private final MarketState state;
    private final Trust judge;
    private final Clock clock;

    /**
     * How they are reached.
     *
     * @param home what the paths of marketplaces are relative to
     * @param data the gateway's own folder, or that of this command's installation
     * @param mirrors by marketplace: a folder, bundle or URL to take everything of it from, in its place
     * @param environment for proxies
     */
    public record Setting(
            TrustConfig trust,
            Path home,
            Path data,
            Map<String, String> mirrors,
            UnaryOperator<@Nullable String> environment,
            Clock clock,
            Pace pace) {

        public Setting {
            mirrors = Map.copyOf(mirrors);
        }

        /** The usual one. */
        public static Setting of(TrustConfig trust, Path home, Path data, Map<String, String> mirrors) {
            return new Setting(trust, home, data, mirrors, System::getenv, Clock.systemUTC(), Pace.DEFAULT);
        }
    }

    private Marketplaces(TrustConfig trust, List<Marketplace> markets, MarketState state, Clock clock) {
        this.trust = trust;
        this.markets = List.copyOf(markets);
        this.state = state;
        this.judge = Trust.of(trust);
        this.clock = clock;
    }

    /** Makes ready to ask; nothing is asked yet. */
    public static Marketplaces open(Setting setting) {
        return open(setting, new KeptIndexes());
    }

    /**
     * The same.
     *
     * @param indexes what was read of them before
     */
    public static Marketplaces open(Setting setting, KeptIndexes indexes) {
        Path folder = setting.data().resolve("marketplaces");
        MarketState state = new MarketState(folder);
        Downloads downloads = new Downloads(folder.resolve("downloads"), setting.clock(), setting.pace());
        List<Marketplace> markets = new ArrayList<>();
        Set<String> revoked =
                setting.trust().revoked().stream().map(Sha256::hex).collect(Collectors.toUnmodifiableSet());
        for (MarketplaceConfig each : setting.trust().marketplaces()) {
            markets.add(
                    new Marketplace(each, revoked, files(each, setting), state, indexes, downloads, setting.clock()));
        }
        indexes.retain(markets.stream().map(Marketplace::name).toList());
        return new Marketplaces(setting.trust(), markets, state, setting.clock());
    }

    private static MarketFiles files(MarketplaceConfig config, Setting setting) {
        String mirror = setting.mirrors().get(config.name());
        String place = mirror == null ? config.url() : mirror;
        Path home = mirror == null ? setting.home() : Path.of("");
        return new LazyFiles(place, () -> open(place, home, config, setting));
    }

    private static MarketFiles open(String place, Path home, MarketplaceConfig config, Setting setting)
            throws MarketException {
        if (MarketplaceConfig.namesUser(place)) {
            throw new MarketException("the place of the marketplace " + config.name()
                    + " has a user or a password in it, which nothing is sent with; leave them out");
        }
        try {
            if (place.startsWith("http://") || place.startsWith("https://")) {
                URI uri = URI.create(place.endsWith("/") ? place : place + "/");
                if (uri.getHost() == null) {
                    throw new IllegalArgumentException("no host");
                }
                Proxies proxies = new Proxies(config.proxy(), setting.environment());
                proxies.check(uri);
                return new HttpFiles(uri, proxies, config.ca() == null ? null : ClientTls.of(config.ca(), null));
            }
            Path path = place.startsWith("file:") ? Path.of(URI.create(place)) : home.resolve(place);
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

    /** The keys of a publisher that the configuration still takes; none where there is no such publisher. */
    List<PublisherKey> keys(String publisher) {
        return trust.publishers().stream()
                .filter(each -> each.name().equals(publisher))
                .flatMap(each -> each.keys().stream())
                .filter(each -> !trust.revoked().contains(new Sha256(each.id())))
                .toList();
    }

    /** What they offer. */
    public Offers offers() {
        return new Offers(this, state);
    }

    static String names(List<Marketplace> markets) {
        return markets.stream().map(Marketplace::name).collect(Collectors.joining(", "));
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
            OwnerOnly.createFolder(folder.toAbsolutePath());
            PartFile.sweep(folder, clock.instant().minus(ABANDONED));
            if (Files.exists(jar) && !Plugins.hash(jar).equals(artefact.sha256())) {
                throw new MarketException(jar + " is there already with other bytes, and a version never changes;"
                        + " delete it with its signature, if this one is the right one");
            }
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
        } else if (!artefact.sha256().equals(release.sha256())) {
            difference = "the jar has the sha256 " + artefact.sha256() + ", the index says " + release.sha256();
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
