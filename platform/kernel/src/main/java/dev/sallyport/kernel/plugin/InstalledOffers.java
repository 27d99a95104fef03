package dev.sallyport.kernel.plugin;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the state says is installed, as the store has it; each read once. For one thread at a time. */
final class InstalledOffers {

    private final ArtefactStore store;
    private final Map<String, InstalledOffer> known = new HashMap<>();

    InstalledOffers(ArtefactStore store) {
        this.store = store;
    }

    Collection<InstalledOffer> of(PluginState state) {
        known.keySet().retainAll(state.installed().keySet());
        state.installed().forEach((hash, facts) -> known.computeIfAbsent(hash, key -> read(key, facts)));
        return List.copyOf(known.values());
    }

    /** What is known of it is not what the store has any more. */
    void forget(String hash) {
        known.remove(hash);
    }

    private InstalledOffer read(String hash, PluginState.Installed facts) {
        String name = facts.id() + " " + facts.version() + " (installed)";
        try {
            Artefact artefact = store.find(hash);
            return artefact != null
                    ? new InstalledOffer(name, artefact, null)
                    : new InstalledOffer(name, null, "has no sound copy in the store any more; install it again");
        } catch (RefusedException e) {
            return new InstalledOffer(name, null, e.getMessage());
        } catch (IOException e) {
            return new InstalledOffer(name, null, "cannot be read in the store (" + e + "); install it again");
        }
    }
}
