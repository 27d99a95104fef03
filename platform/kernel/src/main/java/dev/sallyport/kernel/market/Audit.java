package dev.sallyport.kernel.market;

import dev.sallyport.marketplace.Advisory;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.Listing;
import dev.sallyport.marketplace.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
     * @param findings sentences: advisories, yanked, revoked, deprecated
     * @param serious whether any of them asks for something to be done
     */
    public record Report(String newer, List<String> findings, boolean serious) {

        static final Report NOTHING = new Report("", List.of(), false);
    }

    /** What the indexes that were fetched last say; no network is used. */
    public Report of(String id, String version, String sha256) throws MarketException {
        if (markets.all().isEmpty()) {
            return Report.NOTHING;
        }
        List<Marketplace> may;
        try {
            may = markets.offers().mayOffer(id, null);
        } catch (MarketException e) {
            return Report.NOTHING;
        }
        for (Marketplace market : may) {
            Index index = market.kept();
            Listing listing = index == null ? null : index.plugins().get(id);
            if (index != null && listing != null) {
                return report(index, listing, version, sha256);
            }
        }
        return Report.NOTHING;
    }

    private static Report report(Index index, Listing listing, String version, String sha256) {
        List<String> findings = new ArrayList<>();
        String revoked = index.revoked().get(sha256);
        if (revoked != null) {
            findings.add("revoked: " + revoked);
        }
        Optional<Release> own =
                listing.release(version).filter(each -> each.sha256().equals(sha256));
        own.map(Release::yanked).filter(each -> !each.isEmpty()).ifPresent(each -> findings.add("yanked: " + each));
        for (Advisory each : Versions.advisories(listing, version)) {
            findings.add(sentence(each));
        }
        boolean serious = !findings.isEmpty();
        if (!listing.deprecated().isEmpty()) {
            findings.add("deprecated: " + listing.deprecated());
        }
        String newer = Versions.newest(index, listing)
                .map(Release::version)
                .filter(each -> Versions.isNewer(each, version))
                .orElse("");
        return new Report(newer, findings, serious);
    }

    /** {@code CVE-2026-1234 (high): what it is; fixed in 1.0.3}. */
    public static String sentence(Advisory each) {
        return each.id() + " (" + each.severity() + ")" + (each.summary().isEmpty() ? "" : ": " + each.summary())
                + (each.fixed().isEmpty() ? "; there is no fix yet" : "; fixed in " + each.fixed());
    }
}
