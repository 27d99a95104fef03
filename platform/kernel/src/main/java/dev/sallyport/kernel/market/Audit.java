package dev.sallyport.kernel.market;

import dev.sallyport.marketplace.Advisory;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.Listing;
import dev.sallyport.marketplace.PublisherKey;
import dev.sallyport.marketplace.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What marketplaces say of plugins that are installed. */
public final class Audit {

    private final Marketplaces markets;

    public Audit(Marketplaces markets) {
        this.markets = markets;
    }

    /**
     * What there is to know of one jar.
     *
     * @param newer the newest version that may be taken; {@code ""} where it has it
     * @param findings sentences: advisories, yanked, revoked, deprecated, and what is not known
     * @param serious whether any of them asks for something to be done
     */
    public record Report(String newer, List<String> findings, boolean serious) {

        static final Report NOTHING = new Report("", List.of(), false);
    }

    /**
     * What the indexes that were fetched last say; no network is used. Of one that cannot be read that is told, and the
     * others are heard.
     *
     * @param publisher who has signed it, as the configuration names them; {@code ""} for nobody
     */
    public Report of(String id, String version, String sha256, String publisher) {
        List<String> findings = new ArrayList<>();
        for (Marketplace market : markets.all()) {
            Index index = kept(market, findings);
            if (index != null) {
                revoked(index, sha256, publisher, findings);
            }
        }
        String newest = version;
        List<String> less = new ArrayList<>();
        for (Marketplace market : mayOffer(id, findings)) {
            Index index = kept(market, null);
            Listing listing = index == null ? null : index.plugins().get(id);
            if (index != null && listing != null) {
                known(listing, version, sha256, findings);
                if (!listing.deprecated().isEmpty()) {
                    less.add("deprecated: " + listing.deprecated());
                }
                String before = newest;
                newest = Versions.newest(index, listing)
                        .map(Release::version)
                        .filter(each -> Versions.isNewer(each, before))
                        .orElse(before);
            }
        }
        boolean serious = !findings.isEmpty();
        findings.addAll(less);
        return new Report(newest.equals(version) ? "" : newest, List.copyOf(findings), serious);
    }

    /** @param findings where it is told that it cannot be read; null where that is told already */
    private static @Nullable Index kept(Marketplace market, @Nullable List<String> findings) {
        try {
            return market.kept();
        } catch (MarketException e) {
            if (findings != null) {
                findings.add("not known: " + e.getMessage());
            }
            return null;
        }
    }

    /** Also by marketplaces that may not offer it: whoever says that it is bad is heard. */
    private void revoked(Index index, String sha256, String publisher, List<String> findings) {
        String jar = index.revoked().get(sha256);
        if (jar != null) {
            findings.add("revoked: " + jar);
        }
        for (PublisherKey each : markets.keys(publisher)) {
            String key = index.revoked().get(each.id());
            if (key != null) {
                findings.add("the key " + each.id().substring(0, 16) + " of its publisher " + publisher
                        + " is revoked: " + key + "; put it under trust.revoked");
            }
        }
    }

    private List<Marketplace> mayOffer(String id, List<String> findings) {
        try {
            return markets.all().isEmpty() ? List.of() : markets.offers().mayOffer(id, null);
        } catch (MarketException e) {
            findings.add("not known: " + e.getMessage());
            return List.of();
        }
    }

    private static void known(Listing listing, String version, String sha256, List<String> findings) {
        Optional<Release> own =
                listing.release(version).filter(each -> each.sha256().equals(sha256));
        own.map(Release::yanked).filter(each -> !each.isEmpty()).ifPresent(each -> findings.add("yanked: " + each));
        for (Advisory each : Versions.advisories(listing, version)) {
            findings.add(sentence(each));
        }
    }

    /** {@code CVE-2026-1234 (high): what it is; fixed in 1.0.3}. */
    public static String sentence(Advisory each) {
        return each.id() + " (" + each.severity() + ")" + (each.summary().isEmpty() ? "" : ": " + each.summary())
                + (each.fixed().isEmpty() ? "; there is no fix yet" : "; fixed in " + each.fixed());
    }
}
