package dev.sallyport.kernel.market;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Files that are reached when the first is asked for: what is wrong with them bothers nobody who asks for none. Thread-safe:
 * who has given up waiting closes them under whoever still reads.
 */
final class LazyFiles implements MarketFiles {

    private final String configured;
    private final Source source;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile @Nullable MarketFiles files;
    private boolean closed;

    /** Reaches them; waits for nobody. */
    @FunctionalInterface
    interface Source {
        MarketFiles open() throws MarketException;
    }

    /** @param configured where they are, for people */
    LazyFiles(String configured, Source source) {
        this.configured = configured;
        this.source = source;
    }

    @Override
    public @Nullable Opened open(String file, long from, String validator) throws IOException, MarketException {
        return reached().open(file, from, validator);
    }

    private MarketFiles reached() throws IOException, MarketException {
        turn.lock();
        try {
            if (closed) {
                throw new IOException("nobody waits for it any more");
            }
            MarketFiles known = files;
            if (known == null) {
                known = source.open();
                files = known;
            }
            return known;
        } finally {
            turn.unlock();
        }
    }

    @Override
    public String place(String file) {
        MarketFiles known = files;
        return known == null ? file + " of " + configured : known.place(file);
    }

    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
        } finally {
            turn.unlock();
        }
        MarketFiles known = files;
        if (known != null) {
            known.close();
        }
    }
}
