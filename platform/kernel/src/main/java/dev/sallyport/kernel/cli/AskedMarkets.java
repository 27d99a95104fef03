package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.market.Marketplaces;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What commands are told that ask marketplaces and print what these say: which, where they are, and in which form. */
final class AskedMarkets {

    @Option(names = "--from", paramLabel = "NAME", description = "Only that marketplace.")
    private @Nullable String from;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Installation installation;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Markets markets;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    Marketplaces open() throws CommandException {
        return markets.open(installation.config(), from);
    }

    /** The one that is meant; null for any. */
    @Nullable
    String from() {
        return from;
    }

    boolean json() {
        return json;
    }
}
