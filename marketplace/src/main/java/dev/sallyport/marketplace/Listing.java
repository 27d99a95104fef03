package dev.sallyport.marketplace;

import java.util.List;
import java.util.Optional;

/**
 * A plugin, as an index lists it. Only what the releases say is compared with jars; the rest is for people.
 *
 * @param id the plugin's id
 * @param publisher who makes it
 * @param description one sentence; {@code ""} for none
 * @param docs an https URL; {@code ""} for none
 * @param status {@code alpha}, {@code beta} or {@code stable}; {@code ""} for not told
 * @param security what it may be exposed to, in its publisher's words; {@code ""} for not told
 * @param deprecated why nobody should begin to use it; {@code ""} where all may
 * @param releases each version once, in no order; at least one
 * @param advisories the known weaknesses
 */
public record Listing(
        String id,
        String publisher,
        String description,
        String docs,
        String status,
        String security,
        String deprecated,
        List<Release> releases,
        List<Advisory> advisories) {

    public Listing {
        releases = List.copyOf(releases);
        advisories = List.copyOf(advisories);
    }

    /** The release of that version. */
    public Optional<Release> release(String version) {
        return releases.stream().filter(each -> each.version().equals(version)).findFirst();
    }

    /** The same with these releases. */
    public Listing withReleases(List<Release> changed) {
        return new Listing(id, publisher, description, docs, status, security, deprecated, changed, advisories);
    }
}
