package dev.sallyport.plugins.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.config.Size;
import dev.sallyport.testkit.FakeContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShelfTest {

    private static final long MINUTE = 60_000;

    @TempDir
    Path folder;

    @TempDir
    Path aside;

    private final FakeContext context = FakeContext.create();

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void minutesThatAreOldBecomeHoursWithTheSameSums() throws Exception {
        Recorder recorder = twoHours();
        Map<String, Object> before = Settings.groups(recorder, context, Map.of("last", "3h", "groupBy", "route"))
                .getFirst();
        context.clock().advance(Duration.ofHours(25));

        tidy();

        assertThat(names()).hasSize(2).allMatch(name -> name.startsWith("h-"));
        Map<String, Object> after = Settings.groups(recorder, context, Map.of("last", "30h", "groupBy", "route"))
                .getFirst();
        for (String name :
                List.of("count", "errors", "responseBytes", "meanMillis", "p50Millis", "p99Millis", "maxMillis")) {
            assertThat(after.get(name)).as(name).isEqualTo(before.get(name));
        }
        assertThat(Settings.usage(recorder, context, Map.of("last", "30h", "every", "1h", "groupBy", "route"))
                        .toString())
                .contains("at=2026-01-01T00:00:00Z, count=60", "at=2026-01-01T01:00:00Z, count=60");
    }

    @Test
    void aCrashBeforeTheMinutesAreDeletedCountsNothingTwice() throws Exception {
        Recorder recorder = twoHours();
        for (String name : names()) {
            Files.copy(folder.resolve(name), aside.resolve(name));
        }
        context.clock().advance(Duration.ofHours(25));
        tidy();
        try (Stream<Path> copies = Files.list(aside)) {
            for (Path copy : copies.toList()) {
                Files.copy(copy, folder.resolve(copy.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }

        assertThat(Settings.count(recorder, context, "30h")).isEqualTo(120);
        tidy();
        assertThat(names()).hasSize(2);
        assertThat(Settings.count(recorder, context, "30h")).isEqualTo(120);
    }

    @Test
    void whatComesLateForAnHourIsAddedToIt() throws Exception {
        Recorder recorder = twoHours();
        Recorder late = Settings.recorder(folder, Settings.DEFAULT, context);
        late.add(Settings.request("orders", "", "203.0.113.9", "/a"), Settings.ended(200, 1_000));
        context.clock().advance(Duration.ofHours(25));
        tidy();

        late.close();
        tidy();

        assertThat(Settings.count(recorder, context, "30h")).isEqualTo(121);
        assertThat(names()).allMatch(name -> name.startsWith("h-"));
    }

    @Test
    void whatIsTooOldIsDeleted() throws Exception {
        Recorder recorder = twoHours();
        context.clock().advance(Duration.ofDays(32));

        tidy();

        assertThat(names()).isEmpty();
        assertThat(Settings.count(recorder, context, "99d")).isZero();
    }

    @Test
    void theOldestIsDeletedWhereItIsMoreThanTheDiskMayHold() throws Exception {
        AnalyticsConfig config = Settings.of(Clients.PREFIX, 2_000, new Size(1 << 20));
        twoHours();
        Path large = folder.resolve("m-1-00000000-1");
        Files.write(large, new byte[(1 << 20) - 1]);

        new Shelf(folder, config).tidy(context.clock().millis() / MINUTE);

        assertThat(large).doesNotExist();
        assertThat(names()).hasSize(120);
    }

    /** A minute apart, the last one included. */
    private Recorder twoHours() throws IOException {
        Recorder recorder = Settings.recorder(folder, Settings.DEFAULT, context);
        for (int minute = 0; minute < 120; minute++) {
            recorder.add(
                    Settings.request("orders", "", "203.0.113.9", "/a"),
                    Settings.ended(minute % 10 == 0 ? 500 : 200, 1_000 + minute * 10));
            context.clock().advance(Duration.ofMinutes(1));
            recorder.flush();
        }
        return recorder;
    }

    private void tidy() throws IOException {
        new Shelf(folder, Settings.DEFAULT).tidy(context.clock().millis() / MINUTE);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(each -> each.getFileName().toString())
                    .filter(name -> !name.equals("lock"))
                    .sorted()
                    .toList();
        }
    }
}
