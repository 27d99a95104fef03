package dev.sallyport.kernel.plugin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
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
 * @param installed by hash: what was uploaded or brought back by command; its jar lies in the store alone
 * @param served by plugin id: what served before, the last one last, to go back to
 */
record PluginState(
        Map<String, Serving> serving,
        Map<String, Seen> files,
        Map<String, Declined> declined,
        Map<String, Installed> installed,
        Map<String, List<Serving>> served) {

    /** How many earlier artefacts of a plugin are remembered. */
    static final int MOST_SERVED = 5;

    static final PluginState EMPTY = new PluginState(Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

    PluginState {
        serving = Map.copyOf(serving);
        files = Map.copyOf(files);
        declined = Map.copyOf(declined);
        installed = Map.copyOf(installed);
        Map<String, List<Serving>> copies = new HashMap<>();
        served.forEach((id, each) -> copies.put(id, List.copyOf(each)));
        served = Map.copyOf(copies);
    }

    /** An artefact that serves, or served. */
    record Serving(String version, String sha256) {}

    /** A file of the folder, and when it was first seen with these bytes. */
    record Seen(String id, String version, String sha256, Instant since) {}

    /** An artefact that is not wanted, and why: {@code removed}, {@code rolled back to 1.4.0}. */
    record Declined(String id, String version, String reason, Instant since) {}

    /** An artefact that came by command, and whose. */
    record Installed(String id, String version, String author, Instant since) {}

    /** That one serves; what served until now is remembered, unless it is not wanted any more. */
    PluginState withServing(Artefact artefact) {
        Serving now = new Serving(artefact.version(), artefact.sha256());
        Serving before = serving.get(artefact.id());
        Map<String, Serving> changed = new TreeMap<>(serving);
        changed.put(artefact.id(), now);
        Map<String, List<Serving>> earlier = new TreeMap<>(served);
        List<Serving> list = new ArrayList<>(earlier.getOrDefault(artefact.id(), List.of()));
        list.remove(now);
        if (before != null && !before.equals(now) && !declined.containsKey(before.sha256())) {
            remember(before, list);
        }
        put(artefact.id(), list, earlier);
        return new PluginState(changed, files, declined, installed, earlier);
    }

    private static void remember(Serving before, List<Serving> list) {
        list.remove(before);
        list.add(before);
        while (list.size() > MOST_SERVED) {
            list.removeFirst();
        }
    }

    private static void put(String id, List<Serving> list, Map<String, List<Serving>> earlier) {
        if (list.isEmpty()) {
            earlier.remove(id);
        } else {
            earlier.put(id, list);
        }
    }

    /** Forgets which major serves, of plugins that are gone: one that comes back later starts anew. */
    PluginState withoutServingBut(Collection<String> ids) {
        Map<String, Serving> changed = new TreeMap<>(serving);
        Map<String, List<Serving>> earlier = new TreeMap<>(served);
        serving.forEach((id, before) -> {
            if (!ids.contains(id)) {
                changed.remove(id);
                List<Serving> list = new ArrayList<>(earlier.getOrDefault(id, List.of()));
                remember(before, list);
                earlier.put(id, list);
            }
        });
        return new PluginState(changed, files, declined, installed, earlier);
    }

    PluginState withFiles(Map<String, Seen> changed) {
        return new PluginState(serving, changed, declined, installed, served);
    }

    PluginState withDeclined(Artefact artefact, String reason, Instant now) {
        Map<String, Declined> changed = new TreeMap<>(declined);
        changed.put(artefact.sha256(), new Declined(artefact.id(), artefact.version(), reason, now));
        return new PluginState(serving, files, changed, installed, served);
    }

    PluginState withoutDeclined(String sha256) {
        Map<String, Declined> changed = new TreeMap<>(declined);
        changed.remove(sha256);
        return new PluginState(serving, files, changed, installed, served);
    }

    PluginState withInstalled(Artefact artefact, String author, Instant now) {
        Map<String, Installed> changed = new TreeMap<>(installed);
        changed.putIfAbsent(artefact.sha256(), new Installed(artefact.id(), artefact.version(), author, now));
        return new PluginState(serving, files, declined, changed, served);
    }

    PluginState withoutInstalled(String sha256) {
        Map<String, Installed> changed = new TreeMap<>(installed);
        changed.remove(sha256);
        return new PluginState(serving, files, declined, changed, served);
    }

    /** All hashes that it names. */
    Set<String> hashes() {
        Set<String> hashes = new HashSet<>(declined.keySet());
        hashes.addAll(installed.keySet());
        serving.values().forEach(each -> hashes.add(each.sha256()));
        served.values().forEach(list -> list.forEach(each -> hashes.add(each.sha256())));
        files.values().forEach(each -> hashes.add(each.sha256()));
        return hashes;
    }
}
