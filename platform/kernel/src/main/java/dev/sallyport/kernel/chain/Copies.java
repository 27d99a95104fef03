package dev.sallyport.kernel.chain;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The exchanges of copies that mirrors have made and that run now: no client waits for them, but a step may run in one, so
 * that its generation is held. Thread-safe.
 */
public final class Copies {

    private final Set<LiveExchange> running = ConcurrentHashMap.newKeySet();

    /** Those that run now. */
    public Set<LiveExchange> running() {
        return running;
    }

    void begin(LiveExchange copy) {
        running.add(copy);
    }

    void end(LiveExchange copy) {
        running.remove(copy);
    }
}
