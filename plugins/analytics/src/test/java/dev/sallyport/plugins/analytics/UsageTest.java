package dev.sallyport.plugins.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Query;
import dev.sallyport.api.config.Size;
import dev.sallyport.testkit.FakeContext;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class UsageTest {

    private static final long MINUTE = 60_000;

    @TempDir
    Path folder;

    private final FakeContext context = FakeContext.create();

    @AfterEach
    void close() {
        context.close();
    }

    /** A histogram for each of 500 clients and 60 steps of time would be 300 MB. */
    @Test
    void stepsOfTimeOfManyGroupsTakeTheMemoryOfThoseThatAreTold() throws Exception {
        Recorder recorder =
                Settings.recorder(folder, Settings.of(Clients.ADDRESS, 2_000, new Size(256 << 20)), context);
        for (int minute = 0; minute < 60; minute++) {
            for (int client = 0; client < 500; client++) {
                add(recorder, "203.0." + client / 250 + "." + client % 250, client < 2 ? 3 : 1);
            }
            context.clock().advance(Duration.ofMinutes(1));
            recorder.flush();
        }
        long before = allocated();

        Map<String, Object> answer = Settings.usage(
                recorder, context, Map.of("last", "2h", "groupBy", "client", "every", "1m", "limit", "2"));

        assertThat(allocated() - before).isLessThan(120L << 20);
        assertThat(answer).containsEntry("groupsLeftOut", 498);
        assertThat(groups(answer))
                .extracting(group -> group.get("client") + " " + group.get("count"))
                .containsExactly("203.0.0.0 180", "203.0.0.1 180");
        assertThat((List<?>) groups(answer).getFirst().get("points")).hasSize(60);
        assertThat(answer.get("total").toString()).contains("count=" + 60 * 504);
    }

    @Test
    void groupsThatAreTooManyToBeToldApartAreOne() throws Exception {
        Recorder recorder =
                Settings.recorder(folder, Settings.of(Clients.ADDRESS, 10_000, new Size(256 << 20)), context);
        for (int client = 0; client < 4_000; client++) {
            add(recorder, "203." + client / 250 + ".0." + client % 250, 1);
        }

        Map<String, Object> answer =
                Settings.usage(recorder, context, Map.of("groupBy", "client", "orderBy", "p99", "limit", "1000"));

        assertThat(groups(answer)).hasSize(1_000);
        assertThat(answer).containsEntry("groupsLeftOut", Ranking.MOST_WITH_LATENCIES + 1 - 1_000);
        assertThat(answer.get("total").toString()).contains("count=4000");
    }

    @Test
    void ratesOfHoursAreOfTheTimeThatWasCounted() throws Exception {
        Recorder recorder = Settings.recorder(folder, Settings.DEFAULT, context);
        for (int minute = 0; minute < 60; minute++) {
            add(recorder, "203.0.113.9", 60);
            context.clock().advance(Duration.ofMinutes(1));
            recorder.flush();
        }
        context.clock().advance(Duration.ofHours(25));
        new Tidying(new Shelf(folder, Settings.DEFAULT), Settings.DEFAULT, System::nanoTime)
                .run(context.clock().millis() / MINUTE);

        Map<String, Object> answer = Settings.usage(
                recorder,
                context,
                Map.of(
                        "from",
                        "2026-01-01T00:15:00Z",
                        "to",
                        "2026-01-01T00:30:00Z",
                        "groupBy",
                        "route",
                        "every",
                        "5m"));

        assertThat(answer.get("total").toString()).contains("count=3600", "rate=1.0");
        assertThat(answer.get("counted")).hasToString("{from=2026-01-01T00:00:00Z, to=2026-01-01T01:00:00Z}");
        assertThat(groups(answer).getFirst().get("points").toString())
                .contains("at=2026-01-01T00:00:00Z, seconds=3600, count=3600, rate=1.0");
    }

    @Test
    @Timeout(60)
    void aQuestionHoldsUpNeitherCountingNorWriting() throws Exception {
        Recorder recorder = Settings.recorder(folder, Settings.DEFAULT, context);
        add(recorder, "203.0.113.9", 1);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        Thread question = Thread.ofPlatform().start(() -> {
            try {
                recorder.read(0, Long.MAX_VALUE, false, () -> (first, end, slice) -> {
                    asked.countDown();
                    try {
                        free.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return true;
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        asked.await();

        context.clock().advance(Duration.ofMinutes(1));
        add(recorder, "203.0.113.9", 1);
        recorder.flush();
        recorder.close();

        assertThat(new Shelf(folder, Settings.DEFAULT).files()).isEqualTo(2);
        free.countDown();
        question.join();
    }

    @Test
    void aQuestionEndsOnceNobodyWaitsForIt() throws Exception {
        Recorder recorder = Settings.recorder(folder, Settings.DEFAULT, context);
        for (int i = 0; i < 3; i++) {
            add(recorder, "203.0.113.9", 1);
            context.clock().advance(Duration.ofMinutes(1));
            recorder.flush();
        }
        int[] slices = new int[1];

        assertThatThrownBy(() -> recorder.read(0, Long.MAX_VALUE, false, () -> (first, end, slice) -> {
                    slices[0]++;
                    Thread.currentThread().interrupt();
                    return true;
                }))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(slices[0]).isEqualTo(1);
        assertThat(new Shelf(folder, Settings.DEFAULT).unreadable()).isZero();
    }

    @Test
    @Timeout(60)
    void oneQuestionIsAnsweredAtATimeAndWhoWaitsTooLongIsTold() throws Exception {
        Recorder recorder = Settings.recorder(folder, Settings.DEFAULT, context);
        Turns turns = new Turns(Duration.ofMillis(10));
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        Thread first = Thread.ofPlatform().start(() -> {
            try {
                turns.take(() -> {
                    asked.countDown();
                    free.await();
                    return Map.of();
                });
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        asked.await();

        assertThatThrownBy(() -> turns.take(() -> Settings.usage(recorder, context, Map.of())))
                .isInstanceOf(Query.BusyException.class)
                .hasMessageContaining("another question");

        free.countDown();
        first.join();
        assertThat(turns.take(() -> Settings.usage(recorder, context, Map.of())))
                .containsKey("groups");
    }

    @Test
    void theNewestErrorsComeFirstAlsoWhereThereAreVeryMany() throws Exception {
        AnalyticsConfig config = new AnalyticsConfig(
                Clients.OFF, 100, 10, 1_000, Duration.ofDays(1), Duration.ofDays(31), new Size(256 << 20), List.of());
        Recorder recorder = Settings.recorder(folder, config, context);
        for (int minute = 0; minute < 25; minute++) {
            for (int i = 0; i < 1_000; i++) {
                recorder.add(Settings.request("orders", "", "203.0.113.9", "/m" + minute), Settings.ended(502, 1_000));
            }
            context.clock().advance(Duration.ofMinutes(1));
            recorder.flush();
        }

        Map<String, ?> answer = new Questions(recorder, config, context.clock())
                .all().stream()
                        .filter(query -> query.name().equals("errors"))
                        .findFirst()
                        .orElseThrow()
                        .action()
                        .answer(Map.of("limit", "3"));

        assertThat((List<?>) answer.get("errors"))
                .hasSize(3)
                .allSatisfy(error -> assertThat(error.toString()).contains("/m24"));
    }

    @Test
    void aSampleIsShortHoweverLongTheRequestWas() throws Exception {
        Recorder recorder = Settings.recorder(folder, Settings.DEFAULT, context);
        recorder.add(
                Settings.request("orders", "", "203.0.113.9", "/" + "p".repeat(4_000) + "?q=" + "q".repeat(4_000)),
                Settings.ended(502, 1_000));

        Newest newest = recorder.read(
                0, Long.MAX_VALUE, false, () -> new Newest(new Given.Span(0, Long.MAX_VALUE), null, null, 1));

        assertThat(newest.samples().getFirst().json())
                .hasSizeLessThan(Samples.LONGEST)
                .contains("\"requestId\":\"r-1\"", "\"shortened\":true", "\"status\":502");
    }

    private static void add(Recorder recorder, String client, int times) {
        for (int i = 0; i < times; i++) {
            recorder.add(Settings.request("orders", "", client, "/a"), Settings.ended(200, 1_000));
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> groups(Map<String, Object> answer) {
        return (List<Map<String, Object>>) answer.get("groups");
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
