package dev.sallyport.kernel.market;

import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.Listing;
import dev.sallyport.marketplace.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What marketplaces offer, and which of it is taken. A plugin comes from the marketplace that the configuration gives its
 * id to; else from the one that it was installed from first; else from the only one that offers it.
 */
public final class Offers {

    private final Marketplaces markets;
    private final MarketState state;

    Offers(Marketplaces markets, MarketState state) {
        this.markets = markets;
        this.state = state;
    }

    /**
     * The marketplaces that may offer a plugin.
     *
     * @throws MarketException where somebody else than the one that is asked for may
     */
    public List<Marketplace> mayOffer(String id, @Nullable String from) throws MarketException {
        if (markets.all().isEmpty()) {
            throw new MarketException("no marketplace is configured, so " + id
                    + " cannot be looked up; name one under trust.marketplaces, or give a jar or the URL of one");
        }
        List<Marketplace> may =
                markets.all().stream().filter(each -> each.claims(id)).toList();
        String why = "the configuration says that it comes from ";
        if (may.isEmpty()) {
            may = markets.all().stream().filter(Marketplace::isOpen).toList();
            String origin = state.origin(id);
            if (origin != null) {
                List<Marketplace> first = markets.all().stream()
                        .filter(each -> each.name().equals(origin))
                        .toList();
                if (first.isEmpty()) {
                    throw new MarketException(id + " came from the marketplace " + origin
                            + ", which is configured no more; to take it from another one, write "
                            + id + " under the ids of that");
                }
                if (!first.getFirst().isOpen()) {
                    throw new MarketException(id + " came from the marketplace " + origin
                            + ", whose ids in the configuration do not name it; write " + id
                            + " under the ids of the marketplace that it is to come from");
                }
                may = first;
                why = "it was installed from ";
            }
        }
        if (from == null) {
            return may;
        }
        Marketplace asked = markets.named(from);
        if (!may.contains(asked)) {
            throw new MarketException(id + " is not taken from " + from + ", since " + why + Marketplaces.names(may)
                    + "; write " + id + " under the ids of the marketplace that you mean");
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

    /**
     * Chooses the newest release that may be taken unasked and is one of those.
     *
     * @return nothing where there is none
     * @throws MarketException where that cannot be known
     */
    public Optional<Choice> newest(String id, Predicate<String> versions) throws MarketException {
        List<Choice> offers = offers(
                mayOffer(id, null),
                id,
                (market, index, listing) -> Versions.newest(index, listing, versions)
                        .map(each -> new Choice(market, index, listing, each))
                        .orElse(null));
        return offers.isEmpty() ? Optional.empty() : Optional.of(only(id, offers));
    }

    /** Chooses among the releases of one plugin; null for none. */
    @FunctionalInterface
    private interface Way {
        @Nullable
        Choice choose(Marketplace market, Index index, Listing listing) throws MarketException;
    }

    private Choice choose(String id, @Nullable String from, Way way) throws MarketException {
        List<Marketplace> may = mayOffer(id, from);
        List<Choice> offers = offers(may, id, way);
        if (offers.isEmpty()) {
            throw new MarketException(Marketplaces.names(may) + " offers no plugin " + id
                    + "; `sallyport market search` shows what there is");
        }
        return only(id, offers);
    }

    private static List<Choice> offers(List<Marketplace> may, String id, Way way) throws MarketException {
        List<Choice> offers = new ArrayList<>();
        for (Marketplace market : may) {
            Index index = market.index();
            Listing listing = index.plugins().get(id);
            Choice choice = listing == null ? null : way.choose(market, index, listing);
            if (choice != null) {
                offers.add(choice);
            }
        }
        return offers;
    }

    private static Choice only(String id, List<Choice> offers) throws MarketException {
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
}
