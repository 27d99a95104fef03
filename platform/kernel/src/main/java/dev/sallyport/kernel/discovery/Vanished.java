package dev.sallyport.kernel.discovery;

import java.io.IOException;
import java.time.Duration;

/**
 * Keeps an accident of a name server from taking all targets away: while a zone is loaded anew, or a registry restarts, there
 * is no such name for a moment. Where there was one that counts as no answer, for a while. For one upstream, one watch at a
 * time.
 */
final class Vanished {

    private final Duration hold;
    private boolean known;
    private boolean gone;
    private long goneSince;

    Vanished(Duration hold) {
        this.hold = hold;
    }

    /**
     * Notes what came of asking.
     *
     * @throws IOException where nothing is found that was there a moment ago
     */
    void look(String name, boolean found) throws IOException {
        if (found) {
            known = true;
            gone = false;
            return;
        }
        long now = System.nanoTime();
        if (!gone) {
            gone = true;
            goneSince = now;
        }
        known = known && now - goneSince < hold.toNanos();
        if (known) {
            throw new IOException("the name server has no record of " + name + " any more");
        }
    }
}
