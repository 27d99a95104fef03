package dev.sallyport.kernel.plugin;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/** Tells the log what changed from one catalogue to the next, each thing once. */
final class CatalogueLog {

    private static final System.Logger LOG = System.getLogger("plugins");

    private final Catalogue earlier;
    private final Catalogue now;
    private final Predicate<Artefact> inUse;

    CatalogueLog(Catalogue earlier, Catalogue now, Predicate<Artefact> inUse) {
        this.earlier = earlier;
        this.now = now;
        this.inUse = inUse;
    }

    void write() {
        Set<Artefact> known = new HashSet<>(earlier.present());
        now.present().stream()
                .filter(each -> !known.contains(each))
                .forEach(each -> LOG.log(System.Logger.Level.INFO, "plugin {0} is here", each));
        now.leaving().forEach((each, until) -> {
            if (!earlier.leaving().containsKey(each) && !isReplaced(each)) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "plugin {0} has left the plugins folder while in use: it serves on until {1}, then its routes"
                                + " answer 503; put its jar back, or take its steps out of the config",
                        each,
                        until);
            }
        });
        earlier.leaving().keySet().stream()
                .filter(each ->
                        !now.leaving().containsKey(each) && !now.present().contains(each) && inUse.test(each))
                .filter(each -> !isReplaced(each))
                .forEach(each ->
                        LOG.log(System.Logger.Level.WARNING, "plugin {0} is gone: its routes answer 503", each));
        now.refused().stream()
                .filter(each -> !earlier.refused().contains(each))
                .forEach(each -> LOG.log(System.Logger.Level.WARNING, "{0}", each));
    }

    /** An upgrade within its major: only steps that pin its very version miss it. */
    private boolean isReplaced(Artefact artefact) {
        return now.present().stream()
                .anyMatch(other ->
                        other.id().equals(artefact.id()) && other.semver().isSameMajorVersionAs(artefact.semver()));
    }
}
