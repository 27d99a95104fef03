package dev.sallyport.kernel.plugin;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the gateway remembers of its plugins: the folder asks, this decides. Immutable; {@link StateFile} keeps it in
 * {@code data/plugins.json}.
 *
 * @param serving by plugin id: the artefact that serves the steps that name no version; its major stays until asked
 * @param files by file name: what the folder last offered under it that was taken
 * @param declined by hash: what was removed or rolled back by command, not to be taken again until the bytes change
 */
record PluginState(Map<String, Serving> serving, Map<String, Seen> files, Map<String, Declined> declined) {

    static final PluginState EMPTY = new PluginState(Map.of(), Map.of(), Map.of());

    PluginState {
        serving = Map.copyOf(serving);
        files = Map.copyOf(files);
        declined = Map.copyOf(declined);
    }

    /** An artefact that serves. */
    record Serving(String version, String sha256) {}

    /** A file of the folder, and when it was first seen with these bytes. */
    record Seen(String id, String version, String sha256, Instant since) {}

    /** An artefact that is not wanted, and why: {@code removed}, {@code rolled back to 1.4.0}. */
    record Declined(String id, String version, String reason, Instant since) {}

    PluginState withServing(Artefact artefact) {
        Map<String, Serving> changed = new TreeMap<>(serving);
        changed.put(artefact.id(), new Serving(artefact.version(), artefact.sha256()));
        return new PluginState(changed, files, declined);
    }

    /** Forgets which major served, of plugins that are gone: one that comes back later starts anew. */
    PluginState withoutServingBut(Collection<String> ids) {
        Map<String, Serving> changed = new TreeMap<>(serving);
        changed.keySet().retainAll(ids);
        return new PluginState(changed, files, declined);
    }

    PluginState withFiles(Map<String, Seen> changed) {
        return new PluginState(serving, changed, declined);
    }

    PluginState withDeclined(Artefact artefact, String reason, Instant now) {
        Map<String, Declined> changed = new TreeMap<>(declined);
        changed.put(artefact.sha256(), new Declined(artefact.id(), artefact.version(), reason, now));
        return new PluginState(serving, files, changed);
    }

    PluginState withoutDeclined(String sha256) {
        Map<String, Declined> changed = new TreeMap<>(declined);
        changed.remove(sha256);
        return new PluginState(serving, files, changed);
    }

    /** All hashes that it names. */
    Set<String> hashes() {
        Set<String> hashes = new HashSet<>(declined.keySet());
        serving.values().forEach(each -> hashes.add(each.sha256()));
        files.values().forEach(each -> hashes.add(each.sha256()));
        return hashes;
    }
}
