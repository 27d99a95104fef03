package dev.sallyport.kernel.plugin;

import com.github.zafarkhaja.semver.ParseException;
import com.github.zafarkhaja.semver.Version;
import java.util.Arrays;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a jar's manifest says of its plugin, checked.
 *
 * @param requires the versions of the plugin API, as written; {@code ""} for any
 */
record ManifestFacts(
        String id,
        String version,
        String requires,
        String provider,
        String licence,
        String description,
        Set<String> permissions) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /**
     * Reads and checks a manifest.
     *
     * @param api the version of the plugin API that this gateway has
     */
    static ManifestFacts read(Manifest manifest, Version api) throws RefusedException {
        Attributes attributes = manifest.getMainAttributes();
        String id = text(attributes, "Plugin-Id");
        if (id.isEmpty()) {
            throw new RefusedException(
                    "is not a Sallyport plugin: no Plugin-Id in its manifest; build it with a manifest"
                            + " that has Plugin-Id and Plugin-Version");
        }
        if (!ID.matcher(id).matches()) {
            throw new RefusedException("has the Plugin-Id " + id
                    + " (expected: letters, digits, '.', '-' and '_', at most 100); rename it");
        }
        String version = text(attributes, "Plugin-Version");
        if (!Version.isValid(version)) {
            throw new RefusedException("has the Plugin-Version '" + version
                    + "' (expected: a semantic version such as 1.4.0); set it in the manifest");
        }
        refuse(attributes, "Plugin-Dependencies", "since plugins share no classes: put what it needs into its own jar");
        refuse(attributes, "Plugin-Class", "since a plugin is its extensions: move its start into a FilterFactory");
        refuse(attributes, "Class-Path", "since a plugin is one jar: shade its libraries into it");
        String requires = text(attributes, "Plugin-Requires");
        checkApi(requires, api);
        return new ManifestFacts(
                id,
                version,
                requires,
                text(attributes, "Plugin-Provider"),
                text(attributes, "Plugin-License"),
                text(attributes, "Plugin-Description"),
                Arrays.stream(text(attributes, "Plugin-Permissions").split(","))
                        .map(String::strip)
                        .filter(permission -> !permission.isEmpty())
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private static void refuse(Attributes attributes, String name, String mend) throws RefusedException {
        String value = text(attributes, name);
        if (!value.isEmpty()) {
            throw new RefusedException(
                    "has " + name + " " + value + " in its manifest, which this gateway does not follow, " + mend);
        }
    }

    /** Refuses a range that is none, or that the API is not in. */
    static void checkApi(String requires, Version api) throws RefusedException {
        if (requires.isEmpty() || requires.equals("*")) {
            return;
        }
        boolean fits;
        try {
            // As PF4J reads it: a bare version means that one or a later.
            fits = Version.tryParse(requires)
                    .map(api::isHigherThanOrEquivalentTo)
                    .orElseGet(() -> api.satisfies(requires));
        } catch (ParseException | IllegalArgumentException | ArithmeticException e) {
            // The latter two where a number in it is too large.
            throw new RefusedException("has Plugin-Requires " + requires
                    + " in its manifest (expected: a range such as >=0.1.0 & <1.0.0); write it in that form");
        }
        if (!fits) {
            throw new RefusedException("requires the plugin API " + requires + ", and this gateway has " + api
                    + "; take a version of the plugin that is made for it, or another gateway");
        }
    }

    private static String text(Attributes attributes, String name) {
        String value = attributes.getValue(name);
        return value == null ? "" : value.strip();
    }
}
