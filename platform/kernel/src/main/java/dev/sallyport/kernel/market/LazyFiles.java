package dev.sallyport.kernel.market;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Files that are reached when the first is asked for: what is wrong with them bothers nobody who asks for none. */
final class LazyFiles implements MarketFiles {

    private final String configured;
    private final Source source;
    private @Nullable MarketFiles files;

    /** Reaches them. */
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
        MarketFiles known = files;
        if (known == null) {
            known = source.open();
            files = known;
        }
        return known.open(file, from, validator);
    }

    @Override
    public String place(String file) {
        MarketFiles known = files;
        return known == null ? file + " of " + configured : known.place(file);
    }

    @Override
    public void close() {
        MarketFiles known = files;
        if (known != null) {
            known.close();
        }
    }
}
