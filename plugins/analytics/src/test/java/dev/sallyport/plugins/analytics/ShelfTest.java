package dev.sallyport.plugins.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.Size;
import dev.sallyport.testkit.FakeContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
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
                .contains(
                        "at=2026-01-01T00:00:00Z, seconds=3600, count=60",
                        "at=2026-01-01T01:00:00Z, seconds=3600, count=60");
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
    void aClockThatIsFarAheadForAWhileDeletesNothing() throws Exception {
        Recorder recorder = twoHours();
        AtomicLong nanos = new AtomicLong();
        Tidying tidying = new Tidying(new Shelf(folder, Settings.DEFAULT), Settings.DEFAULT, nanos::get);
        long now = context.clock().millis() / MINUTE;
        long ahead = now + Duration.ofDays(400).toMinutes();
        tidying.run(now);

        tidying.run(ahead);
        nanos.addAndGet(Duration.ofMinutes(59).toNanos());
        tidying.run(ahead);
        tidying.run(now);
        nanos.addAndGet(Duration.ofMinutes(59).toNanos());
        tidying.run(ahead);

        assertThat(Settings.count(recorder, context, "9h")).isEqualTo(120);
        nanos.addAndGet(Duration.ofMinutes(60).toNanos());
        tidying.run(ahead);
        assertThat(names()).isEmpty();
    }

    @Test
    void theOldestIsDeletedWhereItIsMoreThanTheDiskMayHold() throws Exception {
        AnalyticsConfig config = Settings.of(Clients.PREFIX, 2_000, new Size(1 << 20));
        long first = context.clock().millis() / MINUTE;
        twoHours();
        Path large = folder.resolve("m-" + (first - 1) + "-00000000-1");
        Files.write(large, new byte[(1 << 20) - 1]);

        new Tidying(new Shelf(folder, config), config, System::nanoTime)
                .run(context.clock().millis() / MINUTE);

        assertThat(large).doesNotExist();
        assertThat(names()).hasSize(120);
    }

    @Test
    void manyMinutesDoNotPushOutTheHours() throws Exception {
        AnalyticsConfig config = Settings.of(Clients.PREFIX, 2_000, new Size(1 << 20));
        long now = context.clock().millis() / MINUTE;
        Path hour = folder.resolve("h-" + (now / 60 - 100) + "-00000000-1");
        Files.write(hour, new byte[400 << 10]);
        for (int i = 0; i < 10; i++) {
            Files.write(folder.resolve("m-" + (now - i) + "-00000000-1"), new byte[200 << 10]);
        }

        new Tidying(new Shelf(folder, config), config, System::nanoTime).run(now);

        assertThat(names())
                .containsExactly(
                        hour.getFileName().toString(),
                        "m-" + (now - 2) + "-00000000-1",
                        "m-" + (now - 1) + "-00000000-1",
                        "m-" + now + "-00000000-1");
    }

    @Test
    void theNewestFileStaysEvenWhereItAloneIsTooMuch() throws Exception {
        AnalyticsConfig config = Settings.of(Clients.PREFIX, 2_000, new Size(1 << 20));
        long now = context.clock().millis() / MINUTE;
        Files.write(folder.resolve("m-" + (now - 1) + "-00000000-1"), new byte[2 << 20]);
        Files.write(folder.resolve("m-" + now + "-00000000-1"), new byte[2 << 20]);

        new Tidying(new Shelf(folder, config), config, System::nanoTime).run(now);

        assertThat(names()).containsExactly("m-" + now + "-00000000-1");
    }

    @Test
    void anHourThatCannotBeMadeHoldsUpNeitherTheOthersNorTheDeletion() throws Exception {
        long first = context.clock().millis() / MINUTE;
        twoHours();
        Path unreadable = Files.createDirectory(folder.resolve("m-" + (first + 5) + "-00000000-1"));
        Path old = Files.createFile(folder.resolve("m-1-00000000-1"));
        context.clock().advance(Duration.ofHours(25));

        assertThatThrownBy(this::tidy).isInstanceOf(IOException.class);

        assertThat(old).doesNotExist();
        assertThat(unreadable).exists();
        assertThat(names()).filteredOn(name -> name.startsWith("h-")).hasSize(1);
        assertThat(names()).filteredOn(name -> name.startsWith("m-")).hasSize(61);
        assertThat(names()).noneMatch(name -> name.endsWith(".part"));
    }

    @Test
    void aSpoiltMinuteIsPutAsideWhenItsHourIsMade() throws Exception {
        Recorder recorder = twoHours();
        Path spoilt = folder.resolve(names().getFirst());
        byte[] bytes = Files.readAllBytes(spoilt);
        Files.write(spoilt, Arrays.copyOf(bytes, bytes.length / 2));
        context.clock().advance(Duration.ofHours(25));

        tidy();

        assertThat(Path.of(spoilt + ".spoilt")).exists();
        assertThat(Settings.count(recorder, context, "30h")).isEqualTo(119);
        assertThat(new Shelf(folder, Settings.DEFAULT).files()).isEqualTo(3);
        context.clock().advance(Duration.ofDays(32));
        tidy();
        assertThat(names()).isEmpty();
    }

    @Test
    void nothingIsLeftOfAFileThatCouldNotBeWritten() throws Exception {
        Path taken = folder.resolve("m-1-00000000-1");
        Files.createDirectories(taken.resolve("something"));

        assertThatThrownBy(() -> SliceFile.write(taken, List.of(), new Slice(10, 10)))
                .isInstanceOf(IOException.class);

        assertThat(names()).containsExactly("m-1-00000000-1");
    }

    @Test
    void aQuestionMissesNothingWhileMinutesBecomeHours() throws Exception {
        Recorder recorder = twoHours();
        context.clock().advance(Duration.ofHours(25));
        AtomicBoolean once = new AtomicBoolean();
        long now = context.clock().millis() / MINUTE;

        long[] count = new long[1];
        recorder.read(0, now, false, () -> {
            count[0] = 0;
            return (first, end, slice) -> {
                if (once.compareAndSet(false, true)) {
                    tidyUnchecked();
                }
                slice.series().values().forEach(totals -> count[0] += totals.count);
                return true;
            };
        });

        assertThat(names()).hasSize(2);
        assertThat(count[0]).isEqualTo(120);
    }

    @Test
    void anHourKeepsApartThoseThatCameMost() throws Exception {
        AnalyticsConfig config = Settings.of(Clients.ADDRESS, 16, new Size(256 << 20));
        Recorder recorder = Settings.recorder(folder, config, context);
        for (int minute = 0; minute < 60; minute++) {
            for (int i = 0; i < 3; i++) {
                add(recorder, "orders", "c", "203.0.113." + (minute * 3 + i), 1);
            }
            add(recorder, "orders", "c", "198.51.100.1", 50);
            add(recorder, "orders", "c", "198.51.100.2", 40);
            context.clock().advance(Duration.ofMinutes(1));
            recorder.flush();
        }
        context.clock().advance(Duration.ofHours(25));
        Tidying tidying = new Tidying(new Shelf(folder, config), config, System::nanoTime);

        tidying.run(context.clock().millis() / MINUTE);

        assertThat(Settings.groups(recorder, context, Map.of("last", "30h", "groupBy", "client")))
                .hasSizeLessThanOrEqualTo(16)
                .extracting(group -> group.get("client") + " " + group.get("count"))
                .startsWith("198.51.100.1 3000", "198.51.100.2 2400", "* " + tidying.notApart());
        assertThat(Settings.count(recorder, context, "30h")).isEqualTo(60 * 93);
    }

    private static void add(Recorder recorder, String route, String consumer, String client, int times) {
        for (int i = 0; i < times; i++) {
            recorder.add(Settings.request(route, consumer, client, "/a"), Settings.ended(200, 1_000));
        }
    }

    private void tidyUnchecked() {
        try {
            tidy();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** Twice, an hour apart: by then the clock is trusted. */
    private void tidy() throws IOException {
        AtomicLong nanos = new AtomicLong();
        Tidying tidying = new Tidying(
                new Shelf(folder, Settings.DEFAULT),
                Settings.DEFAULT,
                () -> nanos.getAndAdd(Duration.ofHours(1).toNanos()));
        tidying.run(context.clock().millis() / MINUTE);
        tidying.run(context.clock().millis() / MINUTE);
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
