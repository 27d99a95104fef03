package dev.sallyport.kernel.plugin;

import dev.sallyport.kernel.plugin.Artefact.Extension;
import dev.sallyport.kernel.plugin.Catalogue.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what of the folder's files, and of what was installed, is offered: who keeps a type, a version or a name when two
 * want it, and what stays although it left. One decision; made anew each time, and it depends on nothing but what it is given.
 */
final class Selection {

    /** How long a jar in use serves on after it left the folder. */
    static final Duration GRACE = Duration.ofSeconds(30);

    private final Catalogue previous;
    private final PluginState state;
    private final Map<String, String> withheld;
    private final Trust trust;
    private final Predicate<Artefact> inUse;
    private final Instant now;

    private final Map<Offer, Artefact> chosen = new LinkedHashMap<>();
    private final List<Refused> refused = new ArrayList<>();
    private final Map<String, Artefact> owners = new HashMap<>();

    /**
     * @param withheld by hash: what failed while it was made to serve, and why
     * @param inUse whether exchanges or configured steps use an artefact now
     */
    Selection(
            Catalogue previous,
            PluginState state,
            Map<String, String> withheld,
            Trust trust,
            Predicate<Artefact> inUse,
            Instant now) {
        this.previous = previous;
        this.state = state;
        this.withheld = withheld;
        this.trust = trust;
        this.inUse = inUse;
        this.now = now;
    }

    /** Decides. */
    Catalogue decide(Collection<? extends Offer> files) {
        Stream.concat(previous.present().stream(), previous.leaving().keySet().stream())
                .filter(artefact -> inUse.test(artefact) && !isUnwanted(artefact) && !isOver(artefact))
                .forEach(this::own);
        Set<Artefact> present = Set.copyOf(previous.present());
        Set<String> serving = state.serving().values().stream()
                .map(PluginState.Serving::sha256)
                .collect(Collectors.toSet());
        files.stream()
                .sorted(Comparator.comparingInt((Offer file) -> rank(file, present, serving))
                        .thenComparing(Offer::name))
                .forEach(this::choose);
        Map<String, Long> majors = state.serving().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        each -> VersionRange.major(each.getValue().version())));
        return new Catalogue(chosen.values(), leaving(), majors, refused);
    }

    /** What was taken from which offer. */
    Map<Offer, Artefact> chosen() {
        return chosen;
    }

    /** Who serves comes first, then who was there when the gateway last ran, then the order of names. */
    private static int rank(Offer file, Set<Artefact> present, Set<String> serving) {
        Artefact current = file.current();
        Artefact before = file.before();
        if ((current != null && present.contains(current)) || (before != null && present.contains(before))) {
            return 0;
        }
        return current != null && serving.contains(current.sha256()) ? 1 : 2;
    }

    private void choose(Offer file) {
        String refusal = file.refusal();
        Artefact current = file.current();
        if (refusal == null && current != null) {
            refusal = refusal(current);
            if (refusal == null) {
                take(file, current);
                return;
            }
        }
        if (refusal != null) {
            boolean declined = current != null && state.declined().containsKey(current.sha256());
            refused.add(new Refused(file.name(), refusal, current, declined));
        }
        Artefact before = file.before();
        // Also where its bytes are the same: then it is the signature that changed.
        if (before != null && refusal(before) == null) {
            take(file, before);
        }
    }

    private void take(Offer file, Artefact artefact) {
        chosen.put(file, artefact);
        own(artefact);
    }

    private void own(Artefact artefact) {
        artefact.extensions().forEach(extension -> owners.putIfAbsent(key(extension), artefact));
    }

    private @Nullable String refusal(Artefact candidate) {
        String reason = unwanted(candidate);
        if (reason != null) {
            return reason;
        }
        for (Map.Entry<Offer, Artefact> each : chosen.entrySet()) {
            Artefact other = each.getValue();
            if (other.id().equals(candidate.id())
                    && other.version().equals(candidate.version())
                    && !other.equals(candidate)) {
                return "is %s with other bytes than %s has, which came first (sha256 %s here, %s there); give it another version"
                        .formatted(candidate, each.getKey().name(), brief(candidate), brief(other));
            }
        }
        for (Extension extension : candidate.extensions()) {
            Artefact owner = owners.get(key(extension));
            if (owner != null && !owner.id().equals(candidate.id())) {
                return "claims the %s type %s for the plugin %s, but that type belongs to the plugin %s; remove one of the two"
                        .formatted(extension.point(), extension.type(), candidate.id(), owner.id());
            }
        }
        return null;
    }

    private boolean isUnwanted(Artefact artefact) {
        return unwanted(artefact) != null;
    }

    private @Nullable String unwanted(Artefact artefact) {
        PluginState.Declined declined = state.declined().get(artefact.sha256());
        if (declined != null) {
            return "is " + artefact + ", which is not taken again until its bytes change: " + declined.reason();
        }
        String failure = withheld.get(artefact.sha256());
        return failure == null ? trust.refusal(artefact) : "is " + artefact + ", which failed: " + failure;
    }

    private boolean isOver(Artefact artefact) {
        Instant until = previous.leaving().get(artefact);
        return until != null && !now.isBefore(until);
    }

    private Map<Artefact, Instant> leaving() {
        Set<Artefact> present = new HashSet<>(chosen.values());
        Map<Artefact, Instant> leaving = new HashMap<>();
        Stream.concat(previous.present().stream(), previous.leaving().keySet().stream())
                .filter(each -> !present.contains(each) && inUse.test(each) && !isUnwanted(each) && !isOver(each))
                .filter(each -> present.stream()
                        .noneMatch(other ->
                                other.id().equals(each.id()) && other.version().equals(each.version())))
                .forEach(each -> leaving.put(each, previous.leaving().getOrDefault(each, now.plus(GRACE))));
        return leaving;
    }

    private static String key(Extension extension) {
        return extension.point() + " " + extension.type();
    }

    private static String brief(Artefact artefact) {
        return artefact.sha256().substring(0, 12);
    }
}
