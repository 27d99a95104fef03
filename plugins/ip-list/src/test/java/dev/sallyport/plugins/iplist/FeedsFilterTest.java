package dev.sallyport.plugins.iplist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Steps with feeds, as they are made. */
final class FeedsFilterTest {

    private final FakeContext context = FakeContext.create();

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void isMadeWithWhatItsFeedsHold() throws Exception {
        try (ListServer server = new ListServer().publish("203.0.113.0/24", "\"1\"")) {
            Filter filter = create(Feeds.url(server.url()));

            FakeExchange exchange = FakeExchange.builder().client("203.0.113.9").build();
            Response response =
                    filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.ok());

            assertThat(response.status()).isEqualTo(403);
            assertThat(exchange.notes()).containsEntry("denied", "feed 127.0.0.1/list.txt, 203.0.113.0/24");
            assertThat(status(filter, "192.0.2.1")).isEqualTo(200);
        }
    }

    @Test
    void allowsOnlyThoseOnAFeed() throws Exception {
        try (ListServer server = new ListServer().publish("203.0.113.0/24", "\"1\"")) {
            Filter filter = create(Feeds.with(Feeds.url(server.url()), Effect.ALLOW));

            assertThat(status(filter, "203.0.113.9")).isEqualTo(200);
            assertThat(status(filter, "192.0.2.1")).isEqualTo(403);
        }
    }

    @Test
    void looksAgainAndAgain() throws Exception {
        try (ListServer server = new ListServer().publish("203.0.113.0/24", "\"1\"")) {
            Filter filter = create(Feeds.with(Feeds.url(server.url()), Duration.ofMillis(50)));

            server.publish("198.51.100.0/24", "\"2\"");

            await().until(() -> status(filter, "198.51.100.1") == 403);
            assertThat(status(filter, "203.0.113.9")).isEqualTo(200);
        }
    }

    @Test
    void nobodyPassesBeforeAFeedWasEverReadAndAllDoThen() throws Exception {
        int port;
        try (ListServer server = new ListServer()) {
            port = server.port();
        }
        Filter filter = create(Feeds.with(Feeds.url("http://127.0.0.1:" + port + "/list.txt"), Duration.ofMillis(50)));

        FakeExchange exchange = FakeExchange.create();
        Response response = filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.ok());
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("retry-after")).isEqualTo("30");
        assertThat(response.body().text(1000)).contains("urn:sallyport:problem:ip-list-unavailable");
        assertThat(exchange.notes()).containsOnly(Map.entry("missing", "feed 127.0.0.1/list.txt"));

        try (ListServer server = new ListServer(port).publish("203.0.113.0/24", "\"1\"")) {
            await().until(() -> status(filter, "192.0.2.1") == 200);
            assertThat(server.answers()).isNotEmpty();
        }
    }

    @Test
    void byChoiceAMissingFeedHoldsNobodyUp() throws Exception {
        for (Effect effect : Effect.values()) {
            Filter filter =
                    create(Feeds.with(Feeds.with(Feeds.url("http://127.0.0.1:1/list.txt"), WhenMissing.OPEN), effect));

            assertThat(status(filter, "192.0.2.1")).as(effect.toString()).isEqualTo(200);
        }
    }

    @Test
    void whatIsDeniedStaysSoWhileAFeedIsMissing() throws Exception {
        Filter filter = context.create(
                new IpListFactory(),
                new IpListConfig(
                        List.of(),
                        List.of(Cidr.parse("192.0.2.1")),
                        List.of(Feeds.url("http://127.0.0.1:1/list.txt")),
                        null));

        assertThat(status(filter, "192.0.2.1")).isEqualTo(403);
        assertThat(status(filter, "192.0.2.2")).isEqualTo(503);
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThatThrownBy(() -> create(Feeds.file(Path.of("nowhere.txt"))))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.key()).isEqualTo("feeds"))
                .hasMessage("nowhere.txt (expected: a file that exists)");
    }

    @Test
    void measuresItsFeeds() throws Exception {
        try (ListServer server = new ListServer().publish("203.0.113.0/24\n198.51.100.0/24", "\"1\"")) {
            create(Feeds.url(server.url()));

            assertThat(context.metrics())
                    .extracting(metric -> metric.getName())
                    .containsExactlyInAnyOrder(
                            "sallyport.ip_list.ranges", "sallyport.ip_list.failing", "sallyport.ip_list.age");
        }
    }

    private Filter create(FeedConfig feed) {
        return context.create(new IpListFactory(), new IpListConfig(List.of(), List.of(), List.of(feed), null));
    }

    private static int status(Filter filter, String client) throws Exception {
        FakeExchange exchange = FakeExchange.builder().client(client).build();
        return filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.ok())
                .status();
    }
}
