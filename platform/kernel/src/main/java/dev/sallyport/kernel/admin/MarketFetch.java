package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.market.Choice;
import dev.sallyport.kernel.market.MarketException;
import dev.sallyport.kernel.market.Marketplaces;
import dev.sallyport.kernel.market.Progress;
import dev.sallyport.kernel.plugin.Artefact;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One jar on its way from a marketplace. Whoever waits for it closes this, then or when it takes too long: nothing of it is
 * left or remembered that comes later. Run by one thread, closed by any.
 */
final class MarketFetch implements AutoCloseable {

    private final Marketplaces markets;
    private final ReentrantLock turn = new ReentrantLock();
    private @Nullable Artefact fetched;
    private boolean closed;

    /** @param markets closed with this */
    MarketFetch(Marketplaces markets) {
        this.markets = markets;
    }

    /** Refuses what is not to be fetched. */
    @FunctionalInterface
    interface Check {
        void check(Choice choice) throws RefusedCallException;
    }

    /**
     * Fetches it.
     *
     * @param from the marketplace; null for the one that it comes from
     * @param installing whether it is remembered where the plugin came from
     * @return there until this is closed
     */
    Artefact run(String id, String version, @Nullable String from, Check check, boolean installing)
            throws MarketException, RefusedCallException {
        Choice choice = markets.offers().choose(id, version, from);
        check.check(choice);
        Artefact found = markets.fetch(choice, Progress.NONE);
        turn.lock();
        try {
            if (!closed) {
                fetched = found;
                if (installing) {
                    // Before it is installed: whoever is killed in between has it from nowhere else the next time.
                    markets.installed(choice);
                }
                return found;
            }
        } finally {
            turn.unlock();
        }
        markets.discard(found);
        throw new MarketException("nobody waits for " + choice + " any more");
    }

    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            if (fetched != null) {
                markets.discard(fetched);
            }
        } finally {
            turn.unlock();
            markets.close();
        }
    }
}
