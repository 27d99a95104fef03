package dev.sallyport.kernel.market;

import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.Listing;
import dev.sallyport.marketplace.Release;

/** One release of one marketplace, that somebody is about to take. */
public record Choice(Marketplace market, Index index, Listing listing, Release release) {

    /** {@code acme-stamp 1.4.0}. */
    @Override
    public String toString() {
        return listing.id() + " " + release.version();
    }
}
