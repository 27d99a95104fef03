package dev.sallyport.kernel.market;

import com.github.zafarkhaja.semver.ParseException;
import com.github.zafarkhaja.semver.Version;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.marketplace.Advisory;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.Listing;
import dev.sallyport.marketplace.Release;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which release of a plugin is newest, and what is known against one. */
public final class Versions {

    /** The lower one first, after Semantic Versioning. */
    public static final Comparator<String> ORDER = Comparator.comparing(Versions::parse);

    private static final Comparator<Release> BY_VERSION = Comparator.comparing(Release::version, ORDER);

    private Versions() {}

    static Version parse(String version) {
        return Version.tryParse(version).orElseGet(() -> Version.of(0, 0, 0));
    }

    /** Whether the first is higher than the second. */
    public static boolean isNewer(String one, String other) {
        return parse(one).isHigherThan(parse(other));
    }

    /** Whether both have the same major version. */
    public static boolean isSameMajor(String one, String other) {
        return parse(one).isSameMajorVersionAs(parse(other));
    }

    /** The releases of a plugin, newest first. */
    public static List<Release> newestFirst(Listing listing) {
        return listing.releases().stream().sorted(BY_VERSION.reversed()).toList();
    }

    /** The newest release that may be taken unasked: no pre-release, not yanked, not revoked, made for this plugin API. */
    public static Optional<Release> newest(Index index, Listing listing) {
        return newest(index, listing, any -> true);
    }

    /** The same among those versions. */
    static Optional<Release> newest(Index index, Listing listing, Predicate<String> versions) {
        return listing.releases().stream()
                .filter(each -> versions.test(each.version()))
                .filter(each -> parse(each.version()).preReleaseVersion().isEmpty())
                .filter(each -> each.yanked().isEmpty())
                .filter(each -> !index.revoked().containsKey(each.sha256()))
                .filter(each -> Plugins.supports(each.requires()))
                .max(BY_VERSION);
    }

    /** The weaknesses that a version is known to have; a range that cannot be read means all versions. */
    public static List<Advisory> advisories(Listing listing, String version) {
        return listing.advisories().stream()
                .filter(each -> isAffected(each, parse(version)))
                .toList();
    }

    private static boolean isAffected(Advisory advisory, Version version) {
        try {
            return version.satisfies(advisory.affected());
        } catch (ParseException | IllegalArgumentException | ArithmeticException e) {
            // The latter two where a number in it is too large.
            return true;
        }
    }
}
