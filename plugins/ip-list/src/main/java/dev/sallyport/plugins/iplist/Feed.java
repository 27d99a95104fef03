package dev.sallyport.plugins.iplist;

import dev.sallyport.api.FilterContext;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A list that others keep, looked at again and again. What was read last and could be read whole is what counts, for as long
 * as there is nothing better: over outages of the source, over broken states of the list, and over restarts.
 */
final class Feed implements AddressList {

    /** How soon a source that failed is asked again, where it is not asked sooner anyway. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final FeedConfig config;
    private final FeedSource source;
    private final KeptFeed kept;
    private final FilterContext context;

    private volatile @Nullable State state;
    private volatile boolean failing;
    private String reason = "";

    Feed(FeedConfig config, FeedSource source, KeptFeed kept, FilterContext context) {
        this.config = config;
        this.source = source;
        this.kept = kept;
        this.context = context;
    }

    /** @param at when it was known to be current */
    private record State(AddressSet addresses, FeedSource.Version version, Instant at) {}

    Effect effect() {
        return config.effect();
    }

    WhenMissing whenMissing() {
        return config.whenMissing();
    }

    String name() {
        return config.name();
    }

    @Override
    public boolean isThere() {
        return state != null;
    }

    @Override
    public boolean holds(InetAddress address, byte[] bytes) {
        State there = state;
        return there != null && there.addresses.holds(bytes);
    }

    @Override
    public String told(InetAddress address, byte[] bytes) {
        State there = state;
        return "feed " + config.name() + ", " + (there == null ? "" : there.addresses.find(bytes));
    }

    /** Takes what was kept of it, where there is something. */
    void restore() {
        try {
            FeedSource.Fetched fetched = kept.read();
            if (fetched != null) {
                state = new State(parse(fetched.bytes()), fetched.version(), Instant.EPOCH);
            }
        } catch (Exception e) {
            context.logger()
                    .log(Level.WARNING, "{0}: what was kept of feed {1} cannot be read: {2}", context.key(), name(), e);
        }
    }

    /** Looks whether it has changed, then again and again. */
    void refreshAgainAndAgain() {
        refresh();
        Duration pause = failing && config.refresh().compareTo(AGAIN) > 0 ? AGAIN : config.refresh();
        var _ = context.scheduler().schedule(this::refreshAgainAndAgain, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks once whether it has changed. */
    synchronized void refresh() {
        State there = state;
        try {
            FeedSource.Fetched fetched = source.fetch(there == null ? null : there.version);
            Instant now = context.clock().instant();
            if (fetched == null) {
                state = there == null ? null : new State(there.addresses, there.version, now);
            } else {
                AddressSet addresses = parse(fetched.bytes());
                if (addresses.size() == 0 && config.url() != null) {
                    throw new UnreadableFeedException("no address in it (expected: some)");
                }
                state = new State(addresses, fetched.version(), now);
                kept.write(fetched);
                context.logger()
                        .log(
                                Level.INFO,
                                "{0}: feed {1} is read: {2} ranges of addresses",
                                context.key(),
                                name(),
                                addresses.size());
            }
            if (failing) {
                context.logger().log(Level.INFO, "{0}: feed {1} can be read again", context.key(), name());
            }
            failing = false;
            reason = "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            fails(e instanceof UnreadableFeedException || e instanceof IOException ? e.getMessage() : e.toString());
        }
    }

    private void fails(@Nullable String why) {
        failing = true;
        String now = String.valueOf(why);
        if (now.equals(reason)) {
            return;
        }
        reason = now;
        context.logger()
                .log(
                        Level.WARNING,
                        "{0}: feed {1} cannot be read: {2}; {3}",
                        context.key(),
                        name(),
                        now,
                        state == null
                                ? (config.whenMissing() == WhenMissing.CLOSED
                                        ? "nobody passes until it is"
                                        : "it holds nobody up until it is")
                                : "what was read last goes on to count");
    }

    private AddressSet parse(byte[] bytes) throws Exception {
        return context.cpu(() -> FeedText.parse(bytes));
    }

    /** How many ranges it has; 0 where it is not there. */
    int size() {
        State there = state;
        return there == null ? 0 : there.addresses.size();
    }

    /** How long ago it was known to be current; null where that was before the last start. */
    @Nullable
    Duration age() {
        State there = state;
        return there == null || there.at.equals(Instant.EPOCH)
                ? null
                : Duration.between(there.at, context.clock().instant());
    }

    boolean isFailing() {
        return failing;
    }
}
