package dev.sallyport.kernel.plugin;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** The artefacts that are loaded, each once and counted: loaded for its first user, unloaded after its last. Thread-safe. */
final class Artefacts {

    private final SharedClasses shared;
    private final String api;
    private final Duration limit;
    private final LeakWatch leaks;
    private final ArtefactStore store;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Artefact, Held> held = new HashMap<>();

    private static final class Held {
        private final LoadedArtefact loaded;
        private int users;

        private Held(LoadedArtefact loaded) {
            this.loaded = loaded;
        }
    }

    Artefacts(SharedClasses shared, String api, Duration limit, LeakWatch leaks, ArtefactStore store) {
        this.shared = shared;
        this.api = api;
        this.limit = limit;
        this.leaks = leaks;
        this.store = store;
    }

    LoadedArtefact acquire(Artefact artefact) throws PluginException {
        lock.lock();
        try {
            Held known = held.get(artefact);
            if (known == null) {
                store.check(artefact);
                LoadedArtefact loaded = LoadedArtefact.load(artefact, shared, api, limit);
                leaks.loaded(artefact);
                known = new Held(loaded);
                held.put(artefact, known);
            }
            known.users++;
            return known.loaded;
        } finally {
            lock.unlock();
        }
    }

    void release(LoadedArtefact loaded) {
        lock.lock();
        try {
            Held known = held.get(loaded.artefact());
            if (known == null || known.loaded != loaded) {
                throw new IllegalStateException(loaded + " was given back more often than it was acquired");
            }
            known.users--;
            if (known.users == 0) {
                held.remove(loaded.artefact());
                unload(loaded);
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isInUse(Artefact artefact) {
        lock.lock();
        try {
            return held.containsKey(artefact);
        } finally {
            lock.unlock();
        }
    }

    /** Unloads all, whoever uses them. */
    void close() {
        lock.lock();
        try {
            held.values().forEach(each -> unload(each.loaded));
            held.clear();
        } finally {
            lock.unlock();
        }
    }

    private void unload(LoadedArtefact loaded) {
        ArtefactClassLoader loader = loaded.loader();
        if (loader != null) {
            // Before its loader is closed: what it left may need a class of it in order to end.
            leaks.retiring(loaded.artefact(), loader);
        }
        loaded.close();
    }
}
