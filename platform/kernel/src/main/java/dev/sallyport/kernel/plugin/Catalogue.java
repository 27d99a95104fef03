package dev.sallyport.kernel.plugin;

import dev.sallyport.kernel.config.TypeCatalog;
import dev.sallyport.kernel.plugin.Artefact.Extension;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the plugins folder offers at one moment, and which artefact serves which step. Immutable; a change of the folder
 * makes a new one.
 *
 * <ol>
 *   <li>A step without {@code version} is served by the newest release within the major that serves now; where nothing
 *       of the plugin serves yet, by the newest of all.
 *   <li>A step with {@code version} is served by the newest that matches. Pre-releases serve only where named.
 *   <li>A jar that is in use but has left the folder serves on for a while, behind all that are still there.
 * </ol>
 */
public final class Catalogue implements TypeCatalog {

    private static final Comparator<Artefact> NEWEST_FIRST =
            Comparator.comparing(Artefact::semver).reversed();

    /** Offers nothing. */
    public static final Catalogue EMPTY = new Catalogue(List.of(), Map.of(), Map.of(), List.of());

    private final List<Artefact> present;
    private final Map<Artefact, Instant> leaving;
    private final Map<String, Long> majors;
    private final Map<String, Long> deciding;
    private final List<Refused> refused;

    /** What was asked for already: with very many steps the same few are asked for again and again. */
    private final Map<Asked, Optional<Artefact>> answers = new ConcurrentHashMap<>();

    private record Asked(
            String point, String name, @Nullable String version) {}

    /**
     * @param present what the folder offers
     * @param leaving what has left it while in use, and until when it serves on
     * @param majors by plugin id: the major version that serves now
     */
    Catalogue(
            Collection<Artefact> present,
            Map<Artefact, Instant> leaving,
            Map<String, Long> majors,
            List<Refused> refused) {
        this.present = present.stream()
                .distinct()
                .sorted(Comparator.comparing(Artefact::id).thenComparing(NEWEST_FIRST))
                .toList();
        this.leaving = Map.copyOf(leaving);
        this.majors = Map.copyOf(majors);
        deciding = decidingMajors();
        this.refused = List.copyOf(refused);
    }

    /**
     * Something offered that is not taken.
     *
     * @param file the name of the file in the folder, or of what was installed
     * @param reason goes on where the name stood: {@code is not a Sallyport plugin: …}
     * @param artefact what it holds; null where that cannot be told
     * @param declined whether a command asked for it: then nothing is wrong
     */
    public record Refused(
            String file, String reason, @Nullable Artefact artefact, boolean declined) {

        /** What it would offer, where that is known. */
        public List<Extension> extensions() {
            return artefact == null ? List.of() : artefact.extensions();
        }

        @Override
        public String toString() {
            return file + " " + reason;
        }
    }

    @Override
    public @Nullable OfferedType find(String point, String name, @Nullable String version) {
        Artefact artefact = artefact(point, name, version);
        if (artefact == null) {
            return null;
        }
        return artefact.extensions().stream()
                .filter(each -> each.point().equals(point) && each.type().equals(name))
                .map(each -> new OfferedType(name, artefact.id(), artefact.version(), each.traits(), each.schema()))
                .findFirst()
                .orElse(null);
    }

    @Override
    public Set<String> names(String point) {
        return all().flatMap(artefact -> artefact.extensions().stream())
                .filter(extension -> extension.point().equals(point))
                .map(Extension::type)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public @Nullable String refusal(String point, String name) {
        return refused.stream()
                .filter(each -> each.extensions().stream()
                        .anyMatch(one -> one.point().equals(point) && one.type().equals(name)))
                .map(each -> each.file() + ", which has it, " + each.reason())
                .findFirst()
                .orElse(null);
    }

    /**
     * The artefact that serves a step of that type.
     *
     * @param point {@code filter}, {@code credential} or {@code discovery}
     * @param version as the step names it; null where it names none
     * @return null where none may; {@link #whyNot} says why
     */
    public @Nullable Artefact artefact(String point, String name, @Nullable String version) {
        return answers.computeIfAbsent(
                        new Asked(point, name, version), asked -> Optional.ofNullable(choose(point, name, version)))
                .orElse(null);
    }

    private @Nullable Artefact choose(String point, String name, @Nullable String version) {
        if (version == null) {
            return newest(point, name, each -> isServingMajor(each) && isRelease(each));
        }
        try {
            VersionRange range = VersionRange.parse(version);
            return newest(point, name, each -> range.matches(each.semver()));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** One sentence on why {@link #artefact} gave null, with the mend; for the answer to whoever wrote the step. */
    public String whyNot(String point, String name, @Nullable String version) {
        List<String> offered = all().filter(each -> each.offers(point, name))
                .map(Artefact::version)
                .toList();
        if (offered.isEmpty()) {
            return "no plugin offers the " + point + " type " + name + "; put its jar into the plugins folder";
        }
        if (version != null) {
            try {
                VersionRange.parse(version);
            } catch (IllegalArgumentException e) {
                return String.valueOf(e.getMessage());
            }
            return name + " has no version " + version + " here (there are: " + String.join(", ", offered) + ")";
        }
        Long major = all().filter(each -> each.offers(point, name))
                .map(each -> majors.get(each.id()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return major == null
                ? name + " is here as pre-release only; name it: version: " + offered.getFirst()
                : name + " served with major version " + major + ", of which no release is here (there are: "
                        + String.join(", ", offered) + "); name the one to change to: version: " + offered.getFirst();
    }

    private @Nullable Artefact newest(String point, String name, Predicate<Artefact> may) {
        return all().filter(each -> each.offers(point, name) && may.test(each))
                .findFirst()
                .orElse(null);
    }

    private boolean isServingMajor(Artefact artefact) {
        Long major = majors.get(artefact.id());
        return major == null || major == artefact.semver().majorVersion();
    }

    private static boolean isRelease(Artefact artefact) {
        return artefact.semver().preReleaseVersion().isEmpty();
    }

    /** Present ones first, each by id and then newest first. */
    private Stream<Artefact> all() {
        return Stream.concat(present.stream(), leaving.keySet().stream().sorted(NEWEST_FIRST));
    }

    /** What the folder offers, by id, then newest first. */
    public List<Artefact> present() {
        return present;
    }

    /** What serves the steps, credentials and services that name no version, each once. */
    public Set<Artefact> serving() {
        return all().flatMap(artefact -> artefact.extensions().stream())
                .map(extension -> artefact(extension.point(), extension.type(), null))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    /** What has left the folder while in use, and until when it serves on. */
    public Map<Artefact, Instant> leaving() {
        return leaving;
    }

    /** The files that are not taken, and why. */
    public List<Refused> refused() {
        return refused;
    }

    /** Of each plugin in use the one that counts as serving: what serves without a choice, else its newest release. */
    public Collection<Artefact> servingAmong(Set<Artefact> used) {
        Map<String, Artefact> serving = new HashMap<>();
        used.stream()
                .filter(Catalogue::isRelease)
                .sorted(NEWEST_FIRST.reversed())
                .forEach(each -> serving.put(each.id(), each));
        used.stream()
                .filter(each -> each.extensions().stream()
                        .anyMatch(extension -> each.equals(artefact(extension.point(), extension.type(), null))))
                .forEach(each -> serving.put(each.id(), each));
        return serving.values();
    }

    /** Whether it matters to anybody: what left while nothing used it any more does not. */
    boolean isNewsAfter(Catalogue earlier, Predicate<Artefact> inUse) {
        return !present.equals(earlier.present)
                || !majors.equals(earlier.majors)
                || !refused.equals(earlier.refused)
                || !earlier.leaving.keySet().containsAll(leaving.keySet())
                || earlier.leaving.keySet().stream()
                        .anyMatch(each -> inUse.test(each) && !leaving.containsKey(each) && !present.contains(each));
    }

    @Override
    public boolean judgesLike(TypeCatalog earlier) {
        return earlier instanceof Catalogue other && servesLike(other);
    }

    /** Whether the same artefacts serve the same steps as with another one, whatever else the folder holds. */
    public boolean servesLike(Catalogue other) {
        return present.equals(other.present)
                && leaving.keySet().equals(other.leaving.keySet())
                && deciding.equals(other.deciding);
    }

    /** The major versions that keep an artefact from serving which would serve without them. */
    private Map<String, Long> decidingMajors() {
        Map<String, Long> deciding = new HashMap<>(majors);
        deciding.entrySet()
                .removeIf(major -> Stream.concat(present.stream(), leaving.keySet().stream())
                        .filter(each -> each.id().equals(major.getKey()))
                        .allMatch(each -> each.semver().majorVersion() == major.getValue()));
        return Map.copyOf(deciding);
    }

    @Override
    public String toString() {
        return present
                + (leaving.isEmpty() ? "" : ", leaving " + leaving.keySet())
                + (refused.isEmpty() ? "" : ", refused " + refused);
    }
}
