package dev.sallyport.plugins.iplist;

import dev.sallyport.api.config.Size;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** Settings of feeds with the defaults of the keys that a test does not set. */
final class Feeds {

    private Feeds() {}

    static FeedConfig url(String url) {
        return new FeedConfig(
                URI.create(url), null, Effect.DENY, Duration.ofHours(1), new Size(64 << 20), WhenMissing.CLOSED, null);
    }

    static FeedConfig file(Path file) {
        return new FeedConfig(
                null, file, Effect.DENY, Duration.ofHours(1), new Size(64 << 20), WhenMissing.CLOSED, null);
    }

    static FeedConfig with(FeedConfig feed, Effect effect) {
        return new FeedConfig(
                feed.url(), feed.file(), effect, feed.refresh(), feed.maxSize(), feed.whenMissing(), null);
    }

    static FeedConfig with(FeedConfig feed, WhenMissing whenMissing) {
        return new FeedConfig(
                feed.url(), feed.file(), feed.effect(), feed.refresh(), feed.maxSize(), whenMissing, null);
    }

    static FeedConfig with(FeedConfig feed, Size maxSize) {
        return new FeedConfig(
                feed.url(), feed.file(), feed.effect(), feed.refresh(), maxSize, feed.whenMissing(), null);
    }

    static FeedConfig with(FeedConfig feed, Duration refresh) {
        return new FeedConfig(
                feed.url(), feed.file(), feed.effect(), refresh, feed.maxSize(), feed.whenMissing(), null);
    }
}
