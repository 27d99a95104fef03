package dev.sallyport.plugins.iplist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.config.Size;
import dev.sallyport.testkit.FakeContext;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FeedTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FakeContext context = FakeContext.create();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void takesWhatIsPublishedAndAsksOnlyForWhatIsNew() throws Exception {
        try (ListServer server = new ListServer().publish("10.0.0.0/8", "\"1\"")) {
            Feed feed = feed(Feeds.url(server.url()));
            assertThat(feed.isThere()).isFalse();

            feed.refresh();
            feed.refresh();
            assertThat(holds(feed, "10.1.1.1")).isTrue();

            server.publish("11.0.0.0/8", "\"2\"");
            feed.refresh();
            assertThat(holds(feed, "10.1.1.1")).isFalse();
            assertThat(holds(feed, "11.1.1.1")).isTrue();
            assertThat(server.answers()).containsExactly(200, 304, 200);
        }
    }

    @Test
    void goesByTheDateWhereThereIsNoTag() throws Exception {
        try (ListServer server = new ListServer().publish("10.0.0.0/8", null)) {
            Feed feed = feed(Feeds.url(server.url()));

            feed.refresh();
            feed.refresh();

            assertThat(server.answers()).containsExactly(200, 304);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>an error page</html>", "10.0.0.0/8\n10.0.0.1-10.0.0.9\n", "# empty\n", ""})
    void aBrokenStateLeavesTheOneBeforeAndIsTold(String broken) throws Exception {
        try (ListServer server = new ListServer().publish("10.0.0.0/8", "\"1\"")) {
            Feed feed = feed(Feeds.url(server.url()));
            feed.refresh();

            server.publish(broken, "\"2\"");
            feed.refresh();
            feed.refresh();

            assertThat(holds(feed, "10.1.1.1")).isTrue();
            assertThat(feed.isFailing()).isTrue();
            assertThat(context.log())
                    .filteredOn(line -> line.startsWith("WARNING"))
                    .singleElement()
                    .asString()
                    .contains("cannot be read", "what was read last goes on to count");

            server.publish("11.0.0.0/8", "\"3\"");
            feed.refresh();
            assertThat(holds(feed, "11.1.1.1")).isTrue();
            assertThat(feed.isFailing()).isFalse();
            assertThat(context.log().getLast()).contains("can be read again");
        }
    }

    @Test
    void anOutageLeavesTheOneBefore() throws Exception {
        ListServer server = new ListServer().publish("10.0.0.0/8", "\"1\"");
        Feed feed = feed(Feeds.url(server.url()));
        try (server) {
            feed.refresh();
            server.fail(500);
            feed.refresh();
            assertThat(feed.isFailing()).isTrue();
        }

        feed.refresh();

        assertThat(holds(feed, "10.1.1.1")).isTrue();
        assertThat(context.log().getLast()).contains("ConnectException");
    }

    @Test
    void aRestartBeginsWithWhatWasReadLast() throws Exception {
        int port;
        try (ListServer server = new ListServer().publish("10.0.0.0/8", "\"1\"")) {
            port = server.port();
            feed(Feeds.url(server.url())).refresh();
        }
        Feed again = feed(Feeds.url("http://127.0.0.1:" + port + "/list.txt"));

        again.restore();
        assertThat(holds(again, "10.1.1.1")).isTrue();
        assertThat(again.age()).isNull();
        again.refresh();
        assertThat(holds(again, "10.1.1.1")).isTrue();

        try (ListServer server = new ListServer(port).publish("10.0.0.0/8", "\"1\"")) {
            again.refresh();
            assertThat(server.answers()).as("it knows which state it has").containsExactly(304);
            assertThat(again.age()).isZero();
        }
    }

    @Test
    void whatWasKeptAndIsSpoiltIsTold() throws Exception {
        FeedConfig config = Feeds.url("http://127.0.0.1:1/list.txt");
        Files.writeString(KeptFeed.in(folder, config.place()).file(), "spoilt");
        Feed feed = feed(config);

        feed.restore();

        assertThat(feed.isThere()).isFalse();
        assertThat(context.log()).singleElement().asString().contains("what was kept of feed");
    }

    @Test
    void refusesOneThatIsTooLong() throws Exception {
        Path file = Files.writeString(folder.resolve("list.txt"), "10.0.0.0/8\n".repeat(100));
        Feed fromFile = feed(Feeds.with(Feeds.file(file), new Size(1000)));
        fromFile.refresh();
        assertThat(fromFile.isThere()).isFalse();
        assertThat(context.log().getLast()).contains("1100 bytes (expected: 1000 or less; see maxSize)");

        try (ListServer server = new ListServer().publish("10.0.0.0/8\n".repeat(100), "\"1\"")) {
            Feed fromUrl = feed(Feeds.with(Feeds.url(server.url()), new Size(1000)));
            fromUrl.refresh();
            assertThat(fromUrl.isThere()).isFalse();
        }
    }

    @Test
    void followsAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("list.txt"), "10.0.0.0/8\n");
        Feed feed = feed(Feeds.file(file));
        feed.refresh();
        assertThat(holds(feed, "10.1.1.1")).isTrue();

        Files.writeString(file, "# nobody any more\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-11-24T09:30:00Z")));
        feed.refresh();
        assertThat(holds(feed, "10.1.1.1")).isFalse();
        assertThat(feed.isThere()).isTrue();

        Files.delete(file);
        feed.refresh();
        assertThat(feed.isThere()).isTrue();
        assertThat(feed.isFailing()).isTrue();
    }

    @Test
    void sendsWhatItsServerAsksForAndShowsItNowhere() throws Exception {
        try (ListServer server = new ListServer().publish("10.0.0.0/8", "\"1\"")) {
            FeedConfig config = Feeds.url(server.url() + "?key=s3cr3t");
            Feed feed = new Feed(
                    config,
                    FeedSource.url(context.http(), URI.create(config.place()), "Bearer s3cr3t", 1000, PATIENCE),
                    KeptFeed.in(folder, config.place()),
                    context);

            feed.refresh();

            assertThat(server.authorization()).isEqualTo("Bearer s3cr3t");
            assertThat(String.join("\n", context.log())).doesNotContain("s3cr3t");
            assertThat(feed.told(InetAddress.ofLiteral("10.1.1.1"), new byte[] {10, 1, 1, 1}))
                    .isEqualTo("feed 127.0.0.1/list.txt, 10.0.0.0/8");
        }
    }

    private Feed feed(FeedConfig config) {
        URI url = config.url();
        Path file = config.file();
        FeedSource source = url == null
                ? FeedSource.file(
                        file == null ? Path.of("") : file, config.maxSize().bytes())
                : FeedSource.url(context.http(), url, null, config.maxSize().bytes(), PATIENCE);
        return new Feed(config, source, KeptFeed.in(folder, config.place()), context);
    }

    private static boolean holds(Feed feed, String address) {
        InetAddress asked = InetAddress.ofLiteral(address);
        return feed.holds(asked, asked.getAddress());
    }
}
