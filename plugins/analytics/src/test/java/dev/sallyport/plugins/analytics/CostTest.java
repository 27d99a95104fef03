package dev.sallyport.plugins.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Request;
import dev.sallyport.api.config.Size;
import dev.sallyport.testkit.FakeContext;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counting and asking costs: printed, for docs/proofs/analytics.md. */
@Tag("proof")
final class CostTest {

    private static final int TURNS = 1_000_000;

    @TempDir
    Path folder;

    @Test
    void ofARequest() throws Exception {
        try (FakeContext context = FakeContext.create()) {
            Recorder recorder = Settings.recorder(folder, Settings.DEFAULT, context);
            Request[] requests = new Request[1_000];
            Completion[] ends = new Completion[requests.length];
            for (int i = 0; i < requests.length; i++) {
                requests[i] = Settings.request("r-" + i % 20, "c-" + i % 10, "203.0." + i % 5 + ".9", "/p/" + i % 50);
                ends[i] = Settings.ended(200, 1_000 + i * 37L);
            }
            for (int round = 0; round < 5; round++) {
                long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                for (int i = 0; i < TURNS; i++) {
                    recorder.add(requests[i % requests.length], ends[i % ends.length]);
                }
                System.out.printf(
                        "a request, %d combinations: %.3f µs of processor time%n",
                        recorder.series(),
                        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e3 / TURNS);
            }
        }
    }

    @Test
    void ofAMillionNames() throws Exception {
        try (FakeContext context = FakeContext.create()) {
            AnalyticsConfig config = Settings.of(Clients.ADDRESS, 2_000, new Size(256 << 20));
            Recorder recorder = Settings.recorder(folder, config, context);
            long heap = heap();
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (int i = 0; i < TURNS; i++) {
                String client = (i >> 16) % 200 + "." + (i >> 8 & 255) + "." + (i & 255) + ".1";
                recorder.add(Settings.request("r-" + i, "c-" + i, client, "/p/" + i), Settings.ended(200, i));
            }
            double cost = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e3 / TURNS;
            long grown = heap() - heap;
            assertThat(recorder.series()).isLessThanOrEqualTo(2_000);
            assertThat(Settings.count(recorder, context, "1h")).isEqualTo(TURNS);
            context.clock().advance(Duration.ofMinutes(1));
            recorder.flush();
            System.out.printf(
                    "a million names: %d combinations, %.2f µs of processor time each with the making of the request,"
                            + " heap %d KiB more, the minute's file %d KiB%n",
                    2_000, cost, grown >> 10, bytes() >> 10);
        }
    }

    @Test
    void ofQuestions() throws Exception {
        try (FakeContext context = FakeContext.create()) {
            Recorder recorder = Settings.recorder(folder, Settings.DEFAULT, context);
            Random random = new Random(1);
            for (int minute = 0; minute < 24 * 60; minute++) {
                for (int i = 0; i < 2_000; i++) {
                    recorder.add(
                            Settings.request("r-" + i % 20, "c-" + i % 5, "203.0.113.9", "/p/" + random.nextInt(500)),
                            Settings.ended(i % 50 == 0 ? 503 : 200, 500 + random.nextInt(100_000)));
                }
                context.clock().advance(Duration.ofMinutes(1));
                recorder.flush();
            }
            System.out.printf("a day of minutes: %d KiB in %d files%n", bytes() >> 10, files());
            for (String last : new String[] {"1h", "1d"}) {
                for (Map<String, String> given : java.util.List.of(
                        Map.of("last", last),
                        Map.of("last", last, "groupBy", "route,consumer,status", "limit", "1000"),
                        Map.of("last", last, "groupBy", "route", "every", "1h"))) {
                    double best = Double.MAX_VALUE;
                    for (int i = 0; i < 3; i++) {
                        long before = System.nanoTime();
                        Settings.usage(recorder, context, given);
                        best = Math.min(best, (System.nanoTime() - before) / 1e6);
                    }
                    System.out.printf("%s: %.0f ms%n", given, best);
                }
            }
        }
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private long bytes() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(each -> each.toFile().length()).sum();
        }
    }

    private long files() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }
}
