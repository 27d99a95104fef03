package dev.sallyport.plugins.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sallyport.api.LogMask;
import dev.sallyport.api.Request;
import dev.sallyport.api.config.Size;
import dev.sallyport.testkit.FakeContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecorderTest {

    @TempDir
    Path folder;

    private final FakeContext context = FakeContext.create();

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void countsByRouteConsumerStatusAndClient() throws Exception {
        Recorder recorder = Settings.recorder(folder, Settings.DEFAULT, context);
        recorder.add(Settings.request("orders", "mobile", "203.0.113.9", "/a"), Settings.ended(200, 1_000));
        recorder.add(Settings.request("orders", "mobile", "203.0.113.77", "/a"), Settings.ended(503, 3_000));
        recorder.add(Settings.request("users", "", "2001:db8::1:2:3:4", "/b"), Settings.ended(404, 2_000));

        assertThat(Settings.groups(recorder, context, Map.of("groupBy", "route,consumer")))
                .hasSize(2)
                .first()
                .satisfies(group -> assertThat(group)
                        .containsEntry("route", "orders")
                        .containsEntry("consumer", "mobile")
                        .containsEntry("count", 2L)
                        .containsEntry("errors", 1L)
                        .containsEntry("errorRate", 0.5)
                        .containsEntry("requestBytes", 20L)
                        .containsEntry("responseBytes", 200L)
                        .containsEntry("meanMillis", 2.0));
        assertThat(Settings.groups(recorder, context, Map.of("groupBy", "client")))
                .extracting(group -> group.get("client"))
                .containsExactly("203.0.113.0/24", "2001:db8:0:0:0:0:0:0/64");
        assertThat(Settings.groups(recorder, context, Map.of("groupBy", "class", "route", "orders")))
                .extracting(group -> group.get("class"))
                .containsExactlyInAnyOrder("2xx", "5xx");
        assertThat(Settings.groups(recorder, context, Map.of("groupBy", "consumer", "consumer", "")))
                .singleElement()
                .satisfies(group ->
                        assertThat(group).containsEntry("consumer", null).containsEntry("count", 1L));
    }

    @Test
    void percentilesAreWithinOnePercentOfWhatWas() throws Exception {
        Recorder recorder = Settings.recorder(folder, Settings.DEFAULT, context);
        Random random = new Random(7);
        long[] all = new long[60_000];
        for (int i = 0; i < all.length; i++) {
            all[i] = Math.min(Math.round(Math.exp(8 + 1.5 * random.nextGaussian())), Totals.LONGEST);
            // over twenty minutes, so that what is read was written and added up
            recorder.add(Settings.request("r-" + i % 7, "", "203.0.113." + i % 256, "/a"), Settings.ended(200, all[i]));
            if (i % 3_000 == 2_999) {
                context.clock().advance(Duration.ofMinutes(1));
                recorder.flush();
            }
        }
        Arrays.sort(all);

        Map<String, Object> group = Settings.groups(recorder, context, Map.of()).getFirst();

        assertThat(group).containsEntry("count", (long) all.length);
        Map.of("p50Millis", 50.0, "p90Millis", 90.0, "p99Millis", 99.0, "p999Millis", 99.9)
                .forEach((name, percentile) -> {
                    double exact = all[(int) Math.ceil(percentile / 100 * all.length) - 1] / 1000.0;
                    assertThat((double) group.get(name)).as(name).isCloseTo(exact, within(exact * 0.01));
                });
    }

    @Test
    void whatWasCountedIsThereAfterARestart() throws Exception {
        try (Recorder recorder = Settings.recorder(folder, Settings.DEFAULT, context)) {
            recorder.add(Settings.request("orders", "", "203.0.113.9", "/a"), Settings.ended(200, 1_000));
            context.clock().advance(Duration.ofMinutes(1));
            recorder.add(Settings.request("orders", "", "203.0.113.9", "/a"), Settings.ended(200, 1_000));
        }

        Recorder again = Settings.recorder(folder, Settings.DEFAULT, context);

        assertThat(Settings.count(again, context, "1h")).isEqualTo(2);
        assertThat(Settings.usage(again, context, Map.of("every", "1m", "groupBy", "route"))
                        .toString())
                .contains(
                        "at=2026-01-01T00:00:00Z, seconds=60, count=1", "at=2026-01-01T00:01:00Z, seconds=60, count=1");
    }

    /** As they are while a reload or an upgrade goes on. */
    @Test
    void twoStepsThatCountIntoOneFolderAddUp() throws Exception {
        Recorder before = Settings.recorder(folder, Settings.DEFAULT, context);
        Recorder after = Settings.recorder(folder, Settings.DEFAULT, context);
        for (int i = 0; i < 10; i++) {
            before.add(Settings.request("orders", "", "203.0.113.9", "/a"), Settings.ended(200, 1_000));
            after.add(Settings.request("orders", "", "203.0.113.9", "/a"), Settings.ended(200, 1_000));
        }

        before.close();

        assertThat(Settings.count(after, context, "1h")).isEqualTo(20);
        after.close();
        assertThat(Settings.count(Settings.recorder(folder, Settings.DEFAULT, context), context, "1h"))
                .isEqualTo(20);
    }

    @Test
    void aTornFileIsLeftOutAndCounted() throws Exception {
        try (Recorder recorder = Settings.recorder(folder, Settings.DEFAULT, context)) {
            for (int minute = 0; minute < 3; minute++) {
                recorder.add(Settings.request("orders", "", "203.0.113.9", "/a"), Settings.ended(200, 1_000));
                context.clock().advance(Duration.ofMinutes(1));
            }
        }
        List<Path> files = files();
        byte[] whole = Files.readAllBytes(files.get(0));
        Files.write(files.get(0), Arrays.copyOf(whole, whole.length / 2));
        byte[] spoilt = Files.readAllBytes(files.get(1));
        spoilt[spoilt.length / 2] ^= 0x55;
        Files.write(files.get(1), spoilt);
        Files.writeString(folder.resolve(files.get(2).getFileName() + ".part"), "half");
        Shelf shelf = new Shelf(folder, Settings.DEFAULT);

        Recorder again = new Recorder(Settings.DEFAULT, shelf, context.clock(), context.logger());

        assertThat(Settings.count(again, context, "1h")).isEqualTo(1);
        assertThat(shelf.unreadable()).isEqualTo(2);
    }

    @Test
    void noRequestIsLostWhileMinutesEnd() throws Exception {
        Recorder recorder = Settings.recorder(folder, Settings.DEFAULT, context);
        AtomicBoolean ends = new AtomicBoolean();
        Thread time = Thread.ofPlatform().start(() -> {
            while (!ends.get()) {
                context.clock().advance(Duration.ofSeconds(20));
                recorder.flush();
            }
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int thread = 0; thread < 20; thread++) {
                String route = "r-" + thread % 5;
                threads.submit(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        recorder.add(Settings.request(route, "", "203.0.113.9", "/a"), Settings.ended(200, 1_000));
                    }
                });
            }
        }
        ends.set(true);
        time.join();

        assertThat(Settings.count(recorder, context, "999d")).isEqualTo(40_000);
    }

    /** A hundredth of it; all of it is counted by CostTest. */
    @Test
    void whoeverComesUnderTenThousandNamesStaysWithinBoundsAndIsCounted() throws Exception {
        AnalyticsConfig config = Settings.of(Clients.ADDRESS, 100, new Size(256 << 20));
        Recorder recorder = Settings.recorder(folder, config, context);
        for (int i = 0; i < 10_000; i++) {
            recorder.add(
                    Settings.request("orders", "c-" + i, "203.0." + i / 256 + "." + i % 256, "/p/" + i),
                    Settings.ended(200, 1_000));
        }

        assertThat(recorder.series()).isLessThanOrEqualTo(100);
        assertThat(recorder.collapsed()).isEqualTo(10_000 - 50);
        assertThat(Settings.count(recorder, context, "1h")).isEqualTo(10_000);
        assertThat(Settings.groups(recorder, context, Map.of("groupBy", "consumer", "limit", "1000"))
                        .toString())
                .contains("consumer=*");
        recorder.flush();
        assertThat(Settings.groups(recorder, context, Map.of("groupBy", "route")))
                .extracting(group -> group.get("route"), group -> group.get("count"))
                .contains(org.assertj.core.api.Assertions.tuple("orders", 10_000L));
    }

    @Test
    void samplesOfErrorsAreMaskedAndNewestFirst() throws Exception {
        Recorder recorder = Settings.recorder(folder, Settings.DEFAULT, context);
        for (int i = 0; i < 3; i++) {
            Request request = Settings.request("orders", "", "203.0.113.9", "/cards/4111?token=s3cret&n=" + i);
            request.exchange().put(LogMask.OF_EXCHANGE, new LogMask() {
                @Override
                public String header(String name, String value) {
                    return value;
                }

                @Override
                public String query(String query) {
                    return query;
                }

                @Override
                public String path(String path) {
                    return path.replace("4111", "****");
                }
            });
            recorder.add(request, Settings.ended(i == 1 ? 200 : 502, 1_000));
            context.clock().advance(Duration.ofMinutes(1));
        }
        Questions questions = new Questions(recorder, Settings.DEFAULT, context.clock());

        String errors = answer(questions, "errors", Map.of());
        String paths = answer(questions, "top-paths", Map.of());

        assertThat(errors).contains("n=2", "n=0", "\"requestId\":\"r-1\"").doesNotContain("s3cret", "4111", "n=1");
        assertThat(errors.indexOf("n=2")).isLessThan(errors.indexOf("n=0"));
        assertThat(answer(questions, "errors", Map.of("status", "503"))).contains("errors=[]");
        assertThat(paths).contains("path=/cards/****, count=3, atMostOver=0");
    }

    private static String answer(Questions questions, String name, Map<String, String> given) throws Exception {
        return questions.all().stream()
                .filter(query -> query.name().equals(name))
                .findFirst()
                .orElseThrow()
                .action()
                .answer(given)
                .toString();
    }

    private List<Path> files() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
