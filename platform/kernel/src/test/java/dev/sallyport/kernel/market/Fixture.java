package dev.sallyport.kernel.market;

import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.config.Sha256;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.kernel.config.TrustConfig.MarketplaceConfig;
import dev.sallyport.kernel.config.TrustConfig.PublisherConfig;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.PluginJar;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.plugin.Signatures;
import dev.sallyport.kernel.plugin.Trust;
import dev.sallyport.marketplace.IdPrefix;
import dev.sallyport.marketplace.Signer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Marketplaces made of real jars, and configurations that trust them. */
final class Fixture {

    static final Signer ACME = Signer.generate();
    static final Signer SHOP = Signer.generate();
    static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    static final Place PLACE = new Place("gateway.yaml", 1, 1);

    private static final Map<String, byte[]> JARS = new ConcurrentHashMap<>();

    private final Path temp;
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    Pace pace = Pace.DEFAULT;
    Map<String, String> environment = Map.of();

    Fixture(Path temp) {
        this.temp = temp;
    }

    /** A jar, signed. */
    Path jar(String id, String version, Signer... signers) throws Exception {
        byte[] bytes = JARS.computeIfAbsent(
                id + "@" + version, any -> PluginJar.stamp(id, version).bytes());
        Path jar = temp.resolve(id + "-" + version + ".jar");
        Files.write(jar, bytes);
        sign(jar, signers);
        return jar;
    }

    static void sign(Path jar, Signer... signers) throws Exception {
        Artefact artefact = Plugins.inspect(jar);
        for (Signer each : signers) {
            Files.writeString(
                    Signatures.of(jar),
                    each.sign(Trust.statement("x.jar", artefact)).toJson());
        }
    }

    /** Publishes into a folder of that name. */
    Path publish(String name, Signer signer, Path... jars) throws MarketException {
        return publish(name, name, signer, jars);
    }

    Path publish(String folder, String name, Signer signer, Path... jars) throws MarketException {
        Path site = temp.resolve(folder);
        new Publication(site, name, List.of(signer), clock).publish(List.of(jars), null, Duration.ofDays(30));
        return site;
    }

    static MarketplaceConfig market(String name, String url, Signer signer, String... ids) {
        return new MarketplaceConfig(
                name,
                url,
                List.of(signer.publicKey()),
                1,
                Arrays.stream(ids).map(IdPrefix::parse).toList(),
                null,
                null,
                PLACE);
    }

    /** Trusts acme for {@code acme-}, and those marketplaces. */
    static TrustConfig trust(MarketplaceConfig... markets) {
        return trust(List.of(), markets);
    }

    static TrustConfig trust(List<Sha256> revoked, MarketplaceConfig... markets) {
        PublisherConfig acme =
                new PublisherConfig("acme", List.of(ACME.publicKey()), List.of(IdPrefix.parse("acme-")), 1, PLACE);
        return new TrustConfig(TrustConfig.Unsigned.ALLOWED, List.of(acme), List.of(), revoked, List.of(markets));
    }

    /** Opens them with the state that earlier ones left. */
    Marketplaces open(TrustConfig trust) throws MarketException {
        return Marketplaces.open(
                new Marketplaces.Setting(trust, temp, temp.resolve("data"), Map.of(), environment::get, clock, pace));
    }

    Marketplaces open(TrustConfig trust, KeptIndexes indexes) {
        return Marketplaces.open(
                new Marketplaces.Setting(trust, temp, temp.resolve("data"), Map.of(), environment::get, clock, pace),
                indexes);
    }

    Path downloads() {
        return temp.resolve("data/marketplaces/downloads");
    }

    /** As if each was used. */
    void clear() throws IOException {
        try (var all = Files.walk(downloads())) {
            all.filter(each -> each.toString().endsWith(".jar")).toList().forEach(Marketplace::discard);
        }
    }

    /** What was left of downloads. */
    List<String> left() throws IOException {
        if (!Files.isDirectory(downloads())) {
            return List.of();
        }
        try (var all = Files.walk(downloads())) {
            return all.filter(Files::isRegularFile)
                    .map(each -> each.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }
}
