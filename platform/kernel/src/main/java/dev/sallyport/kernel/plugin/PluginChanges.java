package dev.sallyport.kernel.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * What a command does to the plugins that are offered. A change is {@linkplain Proposal proposed} in memory, so that it
 * can be tried; it is written at once and whole just before it serves, and undone where it does not come to serve. For the
 * deploying thread alone.
 */
public final class PluginChanges {

    private final PluginsFolder folder;
    private final Clock clock;

    PluginChanges(PluginsFolder folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** A change that is offered already and not written yet. */
    public final class Proposal {

        private final PluginsFolder.Before before;

        private Proposal(PluginsFolder.Before before) {
            this.before = before;
        }

        /**
         * Writes it; to be called before it serves.
         *
         * @param used what serves then
         * @throws IOException where it cannot be written: undo it then
         */
        public void commit(Set<Artefact> used) throws IOException {
            folder.commit(used);
        }

        /** Takes it back, also where it is written already. */
        public void undo() {
            folder.undo(before);
        }
    }

    /**
     * A jar that lies in the store.
     *
     * @param fresh whether it did not before
     */
    public record Stored(Artefact artefact, boolean fresh) {}

    /**
     * Verifies a jar and copies it into the store; nothing offers it yet.
     *
     * @param name how messages call it
     * @param envelope the signature that came with it; null for none
     * @throws PluginException saying why it is not taken
     */
    public Stored store(Path jar, String name, @Nullable String envelope) throws PluginException {
        try {
            return folder.store(jar, envelope);
        } catch (RefusedException e) {
            throw new PluginException(name + " " + e.getMessage());
        } catch (ZipException e) {
            throw new PluginException(
                    name + " is no readable zip file (" + e.getMessage() + "); build or copy it again");
        } catch (IOException e) {
            throw new PluginException(name + " cannot be taken (" + e + ")");
        }
    }

    /** Deletes a copy again that has come to nothing. */
    public void discard(Stored stored) {
        if (stored.fresh()) {
            folder.discard(stored.artefact());
        }
    }

    /**
     * Offers an artefact of the store, also where it was declined or has failed before.
     *
     * @throws UncheckedIOException where the signature that it came with cannot be kept
     */
    public Proposal install(Artefact artefact, String author) {
        try {
            if (artefact.envelope() != null) {
                folder.keepEnvelope(artefact);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Instant now = clock.instant();
        return propose(
                state -> state.withoutDeclined(artefact.sha256()).withInstalled(artefact, author, now),
                Set.of(artefact.sha256()));
    }

    /** Offers these no more: what a file of the folder holds is not taken again until its bytes change. */
    public Proposal remove(Collection<Artefact> removed) {
        Instant now = clock.instant();
        return propose(
                state -> {
                    PluginState changed = state;
                    for (Artefact each : removed) {
                        changed = changed.withoutInstalled(each.sha256()).withDeclined(each, "removed", now);
                    }
                    return changed;
                },
                Set.of());
    }

    /**
     * Goes back to an artefact that served before: newer ones of its major are declined.
     *
     * @param now what serves; null where nothing of the plugin does
     */
    public Proposal rollback(@Nullable Artefact now, Artefact earlier, String author) {
        Instant time = clock.instant();
        List<Artefact> newer = new ArrayList<>(folder.offers(earlier.id()).stream()
                .filter(other -> other.isOfSameMajorAs(earlier) && other.isNewerThan(earlier) && isRelease(other))
                .toList());
        if (now != null) {
            newer.add(now);
        }
        String reason = "rolled back to " + earlier.version();
        boolean offered = folder.offers(earlier.id()).contains(earlier);
        return propose(
                state -> {
                    PluginState changed = state.withoutDeclined(earlier.sha256());
                    for (Artefact each : newer) {
                        changed = changed.withDeclined(each, reason, time);
                    }
                    return (offered ? changed : changed.withInstalled(earlier, author, time)).withServing(earlier);
                },
                Set.of(earlier.sha256()));
    }

    /** Lets an artefact serve that is offered, or was declined: the major of steps without a version is its own then. */
    public Proposal upgrade(Artefact target) {
        return propose(state -> state.withoutDeclined(target.sha256()).withServing(target), Set.of(target.sha256()));
    }

    private Proposal propose(UnaryOperator<PluginState> change, Set<String> permitted) {
        return new Proposal(folder.propose(change, permitted));
    }

    /** The artefact that serves the steps that name no version; null where none does. */
    public @Nullable Artefact serving(String id) {
        PluginState.Serving serving = folder.state().serving().get(id);
        return serving == null ? null : folder.find(serving.sha256());
    }

    /** The last artefact that served before the one that does, and was not declined since; null where none is kept. */
    public @Nullable Artefact earlier(String id) {
        PluginState state = folder.state();
        List<PluginState.Serving> served = state.served().getOrDefault(id, List.of());
        boolean none = state.serving().get(id) == null;
        return served.reversed().stream()
                .filter(each -> none || !state.declined().containsKey(each.sha256()))
                .map(each -> folder.find(each.sha256()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The newest release that files and installed ones hold, declined or not; null where there is none. */
    public @Nullable Artefact newest(String id, Predicate<Artefact> may) {
        return folder.offers(id).stream()
                .filter(each -> isRelease(each) && may.test(each))
                .max(Comparator.comparing(Artefact::semver))
                .orElse(null);
    }

    /** All that files and state hold of a plugin and that is not declined, and what serves on though it left. */
    public Set<Artefact> present(String id) {
        Set<String> declined = folder.state().declined().keySet();
        Set<Artefact> present = folder.offers(id).stream()
                .filter(each -> !declined.contains(each.sha256()))
                .collect(Collectors.toSet());
        Catalogue catalogue = folder.catalogue();
        catalogue.present().stream().filter(each -> each.id().equals(id)).forEach(present::add);
        catalogue.leaving().keySet().stream()
                .filter(each -> each.id().equals(id))
                .forEach(present::add);
        return present;
    }

    /** Whether a copy came by command, and whose command it was; null for what only a file holds. */
    public @Nullable String installedBy(Artefact artefact) {
        PluginState.Installed installed = folder.state().installed().get(artefact.sha256());
        return installed == null ? null : installed.author();
    }

    private static boolean isRelease(Artefact artefact) {
        return artefact.semver().preReleaseVersion().isEmpty();
    }
}
