package dev.sallyport.marketplace;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * One version of a plugin, as an index lists it.
 *
 * @param version after Semantic Versioning 2.0
 * @param file where its jar lies, relative to the index; its signature has {@code .dsse.json} after that
 * @param sha256 of the jar's bytes, in lower-case hex
 * @param size of the jar in bytes
 * @param published when it was first listed
 * @param requires the versions of the plugin API that it works with; {@code ""} for any
 * @param permissions what it asks to be permitted
 * @param licence as the jar names it; {@code ""} where it names none
 * @param types what it offers, as configurations name it
 * @param sbom where its bill of materials is: a file beside the jar or an https URL; {@code ""} for nowhere
 * @param sbomSha256 of that file; {@code ""} for none, or a URL
 * @param yanked why nobody should take it any more; {@code ""} where all may
 */
public record Release(
        String version,
        String file,
        String sha256,
        long size,
        Instant published,
        String requires,
        Set<String> permissions,
        String licence,
        List<String> types,
        String sbom,
        String sbomSha256,
        String yanked) {

    public Release {
        permissions = Set.copyOf(permissions);
        types = List.copyOf(types);
    }

    /** The same, yanked for that reason; not yanked for {@code ""}. */
    public Release withYanked(String reason) {
        return new Release(
                version,
                file,
                sha256,
                size,
                published,
                requires,
                permissions,
                licence,
                types,
                sbom,
                sbomSha256,
                reason);
    }
}
