package dev.sallyport.kernel.plugin;

import com.github.zafarkhaja.semver.Version;
import dev.sallyport.kernel.config.Traits;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One version of one plugin: the facts of its jar, read and verified without running its code. Two artefacts are equal
 * where their bytes are. Immutable, but for the schemas, which nobody changes.
 *
 * @param id the plugin's id
 * @param version its version, after Semantic Versioning 2.0
 * @param sha256 the hash of the jar's bytes in lower-case hex
 * @param requires the versions of the plugin API that it works with; {@code ""} for any
 * @param provider the publisher; {@code ""} where the jar names none
 * @param licence its licence; {@code ""} where the jar names none
 * @param description one sentence; {@code ""} where the jar has none
 * @param permissions what its manifest asks to be permitted, such as {@code exit}
 * @param extensions what it offers; at least one
 * @param path the copy in the store, which never changes
 * @param envelope the signature that came with it, as it is written, not verified; null for none. {@link Trust} judges it
 */
public record Artefact(
        String id,
        String version,
        String sha256,
        String requires,
        String provider,
        String licence,
        String description,
        Set<String> permissions,
        List<Extension> extensions,
        Path path,
        @Nullable String envelope) {

    public Artefact {
        permissions = Set.copyOf(permissions);
        extensions = List.copyOf(extensions);
    }

    /**
     * One type that a plugin offers.
     *
     * @param point what it is a type of: {@code filter}, {@code credential} or {@code discovery}
     * @param type the name in the configuration
     * @param className the class that offers it
     * @param doc what it does; {@code ""} where its author wrote nothing
     * @param traits what its steps do
     * @param schema the JSON Schema of its settings
     */
    public record Extension(String point, String type, String className, String doc, Traits traits, JsonNode schema) {}

    /** The same with that signature. */
    public Artefact withEnvelope(@Nullable String changed) {
        return new Artefact(
                id, version, sha256, requires, provider, licence, description, permissions, extensions, path, changed);
    }

    /** Whether it offers that type at that point. */
    public boolean offers(String point, String type) {
        return extensions.stream()
                .anyMatch(extension ->
                        extension.point().equals(point) && extension.type().equals(type));
    }

    /** Whether its version is higher than that of another one. */
    public boolean isNewerThan(Artefact other) {
        return semver().isHigherThan(other.semver());
    }

    /** Whether it is of the same major version as another one. */
    public boolean isOfSameMajorAs(Artefact other) {
        return semver().isSameMajorVersionAs(other.semver());
    }

    /** The version in a form that can be compared. */
    Version semver() {
        return Version.parse(version);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Artefact that && sha256.equals(that.sha256);
    }

    @Override
    public int hashCode() {
        return sha256.hashCode();
    }

    /** {@code rate-limit 1.4.0}. */
    @Override
    public String toString() {
        return id + " " + version;
    }
}
