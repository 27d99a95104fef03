package dev.sallyport.kernel.plugin;

import com.github.zafarkhaja.semver.ParseException;
import com.github.zafarkhaja.semver.Version;
import java.util.function.Predicate;

/**
 * Which versions of a plugin may serve a step: {@code 1.4.0}, {@code ~1.4}, {@code ^1}, {@code >=1.2.0 & <1.6.0}. A
 * pre-release matches only where the whole version is named: {@code 2.0.0-rc.1}. Immutable.
 */
public final class VersionRange {

    private final String text;
    private final Predicate<Version> test;

    private VersionRange(String text, Predicate<Version> test) {
        this.text = text;
        this.test = test;
    }

    /**
     * Reads a range.
     *
     * @throws IllegalArgumentException where it is none; the message says what was expected
     */
    public static VersionRange parse(String text) {
        String range = text.strip();
        return Version.tryParse(range)
                .map(exact -> new VersionRange(range, exact::isEquivalentTo))
                .orElseGet(() -> new VersionRange(range, release(range)));
    }

    /** The major version of a version; -1 where it is none. */
    static long major(String version) {
        return Version.tryParse(version).map(Version::majorVersion).orElse(-1L);
    }

    private static Predicate<Version> release(String range) {
        try {
            Version.of(0, 0, 0).satisfies(range);
        } catch (ParseException | IllegalArgumentException | ArithmeticException e) {
            // The latter two where a number in it is too large.
            throw new IllegalArgumentException(
                    range + " (expected: a version or a range such as 1.4.0, ~1.4 or ^1)", e);
        }
        return version -> version.preReleaseVersion().isEmpty() && version.satisfies(range);
    }

    /** Whether that version is one of them. */
    public boolean matches(Version version) {
        return test.test(version);
    }

    @Override
    public String toString() {
        return text;
    }
}
