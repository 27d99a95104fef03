package dev.sallyport.plugins.iplist;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Makes the step {@code ip-list}. */
@Type(value = "ip-list", decidesAccess = true, replayable = true)
@Doc("Allows or refuses clients by their address.")
public final class IpListFactory implements FilterFactory<IpListConfig> {

    /** The longest that a fetch takes. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** How long a step waits for feeds that it has never read, so that a change of the configuration refuses nobody for it. */
    private static final Duration START = Duration.ofSeconds(3);

    private static final Duration DATABASE_REFRESH = Duration.ofMinutes(1);
    private static final AttributeKey<String> FEED = AttributeKey.stringKey("feed");

    @Override
    public Filter create(IpListConfig config, FilterContext context) {
        List<Feed> feeds = new ArrayList<>();
        for (FeedConfig feed : config.feeds()) {
            feeds.add(feed(feed, context));
        }
        Countries countries = countries(config.countries(), context);
        start(feeds, context);
        measure(feeds, context);
        return new IpListFilter(config, feeds, countries);
    }

    private static Feed feed(FeedConfig config, FilterContext context) {
        KeptFeed kept = KeptFeed.in(context.dataFolder(), config.place());
        Path file = config.file();
        if (file != null && !Files.exists(file) && !Files.exists(kept.file())) {
            throw new ConfigException("feeds", file + " (expected: a file that exists)");
        }
        Feed feed = new Feed(config, source(config, context), kept, context);
        feed.restore();
        return feed;
    }

    private static FeedSource source(FeedConfig config, FilterContext context) {
        URI url = config.url();
        Path file = config.file();
        if (url == null) {
            return FeedSource.file(
                    file == null ? Path.of("") : file, config.maxSize().bytes());
        }
        if (!"https".equals(url.getScheme())) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0}: the feed {1} comes without TLS: who is on the way can change it",
                            context.key(),
                            config.name());
        }
        String authorization =
                config.authorization() == null ? null : config.authorization().value();
        return FeedSource.url(
                context.http(), url, authorization, config.maxSize().bytes(), PATIENCE);
    }

    private static @Nullable Countries countries(@Nullable CountriesConfig config, FilterContext context) {
        if (config == null) {
            return null;
        }
        try {
            Countries countries = new Countries(config.database());
            var _ = context.scheduler()
                    .scheduleWithFixedDelay(
                            () -> refresh(countries, config.database(), context),
                            DATABASE_REFRESH.toSeconds(),
                            DATABASE_REFRESH.toSeconds(),
                            TimeUnit.SECONDS);
            return countries;
        } catch (IOException e) {
            throw new ConfigException(
                    "countries.database",
                    config.database() + " (expected: a database in MaxMind's format): " + e.getMessage());
        }
    }

    private static void refresh(Countries countries, Path database, FilterContext context) {
        try {
            if (countries.refresh()) {
                context.logger().log(Level.INFO, "{0}: {1} is read again", context.key(), database);
            }
        } catch (IOException e) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0}: {1} cannot be read, and the one before goes on to count: {2}",
                            context.key(),
                            database,
                            e.getMessage());
        }
    }

    private static void start(List<Feed> feeds, FilterContext context) {
        List<Future<?>> awaited = new ArrayList<>();
        for (Feed feed : feeds) {
            boolean there = feed.isThere();
            Future<?> first = context.threads().submit(feed::refreshAgainAndAgain);
            if (!there) {
                awaited.add(first);
            }
        }
        long end = System.nanoTime() + START.toNanos();
        try {
            for (Future<?> first : awaited) {
                var _ = first.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException later) {
            // It goes on without; the filter knows what is not there.
        }
    }

    private static void measure(List<Feed> feeds, FilterContext context) {
        if (feeds.isEmpty()) {
            return;
        }
        var _ = context.meter()
                .gaugeBuilder("sallyport.ip_list.ranges")
                .ofLongs()
                .setDescription("Ranges of addresses in a feed; 0 where it has never been read.")
                .buildWithCallback(gauge ->
                        feeds.forEach(feed -> gauge.record(feed.size(), Attributes.of(FEED, feed.name()))));
        var _ = context.meter()
                .gaugeBuilder("sallyport.ip_list.failing")
                .ofLongs()
                .setDescription("1 while a feed cannot be read, else 0.")
                .buildWithCallback(gauge -> feeds.forEach(
                        feed -> gauge.record(feed.isFailing() ? 1 : 0, Attributes.of(FEED, feed.name()))));
        var _ = context.meter()
                .gaugeBuilder("sallyport.ip_list.age")
                .setUnit("s")
                .setDescription("How long ago a feed was known to be current; not shown before that.")
                .buildWithCallback(gauge -> feeds.forEach(feed -> {
                    Duration age = feed.age();
                    if (age != null) {
                        gauge.record(age.toMillis() / 1000.0, Attributes.of(FEED, feed.name()));
                    }
                }));
    }
}
