package dev.sallyport.kernel.admin;

import java.util.HashMap;
import java.util.Map;

/**
 * How many calls of pages are answered at once for callers whom no token names: fewer than there are threads for pages, so that
 * they cannot keep those out who have one. Thread-safe.
 */
final class UnknownCalls {

    private static final int MOST = 12;

    /** As many as a browser has connections, and some. */
    private static final int MOST_EACH = 8;

    private final Map<String, Integer> byPeer = new HashMap<>();
    private int all;

    /** One more; false where there are too many. */
    synchronized boolean begin(String peer) {
        int own = byPeer.getOrDefault(peer, 0);
        if (all >= MOST || own >= MOST_EACH) {
            return false;
        }
        all++;
        byPeer.put(peer, own + 1);
        return true;
    }

    /** One of those is over. */
    synchronized void end(String peer) {
        all--;
        byPeer.computeIfPresent(peer, (name, own) -> own == 1 ? null : own - 1);
    }
}
