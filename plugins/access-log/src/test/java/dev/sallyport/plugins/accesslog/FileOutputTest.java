package dev.sallyport.plugins.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.config.Size;
import dev.sallyport.plugins.accesslog.Rotation.Compress;
import dev.sallyport.plugins.accesslog.Rotation.Every;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileOutputTest {

    private static final Size SMALL = new Size(4 << 10);
    private static final Size MUCH = new Size(1 << 30);

    @TempDir
    Path folder;

    private final FakeContext context = FakeContext.create();
    private final ManualClock clock = context.clock();

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void writesToTheNewFileOnceTheOldOneWasMoved() throws IOException {
        Path file = folder.resolve("access.log");
        Path old = folder.resolve("access.log.1");
        try (FileOutput output = output(null)) {
            output.write(List.of("one"));
            Files.move(file, old);
            output.write(List.of("two"));
            Files.delete(file);
            output.write(List.of("three"));
            output.write(List.of("four"));
        }

        assertThat(Files.readString(old)).isEqualTo("one\n");
        assertThat(Files.readString(file)).isEqualTo("three\nfour\n");
    }

    @Test
    void putsTheFileAsideOnceItIsLargeAndCompressesIt() throws IOException {
        try (FileOutput output = output(new Rotation(SMALL, null, 14, MUCH, Compress.GZIP))) {
            List<String> lines = write(output, 0, 300);

            await().until(() -> archives().size() == 3
                    && archives().stream().allMatch(each -> each.toString().endsWith(".gz")));
            assertThat(archives())
                    .allMatch(each -> each.getFileName().toString().matches("access\\.log\\.20260101T\\d{9}Z\\.gz"));
            assertThat(everything()).isEqualTo(lines);
        }
        assertThat(files()).noneMatch(each -> each.toString().endsWith(".part"));
    }

    @Test
    void putsItAsideAtTheFirstLineOfANewHourAlsoAfterARestart() throws IOException {
        Path file = folder.resolve("access.log");
        Rotation hourly = new Rotation(null, Every.HOUR, 14, MUCH, Compress.NONE);
        try (FileOutput output = output(hourly)) {
            output.write(List.of("first hour"));
            output.write(List.of("first hour too"));
            clock.advance(Duration.ofHours(1));
            output.write(List.of("second hour"));
        }
        Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
        clock.advance(Duration.ofHours(1));
        try (FileOutput output = output(hourly)) {
            output.write(List.of("third hour"));
        }

        assertThat(archives()).hasSize(2);
        assertThat(Files.readString(archives().get(0))).isEqualTo("first hour\nfirst hour too\n");
        assertThat(Files.readString(archives().get(1))).isEqualTo("second hour\n");
        assertThat(Files.readString(file)).isEqualTo("third hour\n");
    }

    @Test
    void keepsSoManyAndDeletesTheOldest() throws IOException {
        try (FileOutput output = output(new Rotation(SMALL, null, 2, MUCH, Compress.NONE))) {
            List<String> lines = write(output, 0, 500);

            await().until(() -> archives().size() == 2);
            assertThat(everything()).isEqualTo(lines.subList(300, 500));
        }
    }

    @Test
    void keepsNoMoreBytesThanItMay() throws IOException {
        try (FileOutput output = output(new Rotation(SMALL, null, 100, new Size(10_000), Compress.NONE))) {
            write(output, 0, 1_000);

            await().until(() -> archives().size() == 2);
        }
    }

    @Test
    void leavesOtherFilesOfTheFolderAlone() throws IOException {
        for (String name :
                List.of("access.log.1", "access.log.bak", "access.log.20260101T000000000Z.txt", "other.log")) {
            Files.writeString(folder.resolve(name), "mine");
        }
        try (FileOutput output = output(new Rotation(SMALL, null, 1, MUCH, Compress.GZIP))) {
            write(output, 0, 400);

            await().until(() ->
                    archives().size() == 1 && archives().getFirst().toString().endsWith(".gz"));
        }

        assertThat(files().stream().filter(each -> LogFiles.read(each).equals("mine")))
                .hasSize(4);
    }

    @Test
    void compressesWhatACrashLeftAsItWas() throws IOException {
        Path left = folder.resolve("access.log.20251231T235959999Z");
        Files.writeString(left, "before the crash\n");
        Files.writeString(Path.of(left + ".gz.part"), "half a fi");
        try (FileOutput output = output(new Rotation(SMALL, null, 14, MUCH, Compress.GZIP))) {
            output.write(List.of("after it"));

            await().until(() -> !Files.exists(left));
            assertThat(everything()).containsExactly("before the crash", "after it");
        }
        assertThat(files()).noneMatch(each -> each.toString().endsWith(".part"));
    }

    @Test
    void whatCannotBeCompressedHoldsUpNeitherTheOthersNorTheDeletion() throws IOException {
        Path odd = Files.createDirectories(folder.resolve("access.log.20251231T235959999Z"));
        Files.writeString(odd.resolve("something"), "in it");
        Path half = Files.writeString(folder.resolve("access.log.20251230T000000000Z.gz.part"), "of one that is gone");
        try (FileOutput output = output(new Rotation(SMALL, null, 2, MUCH, Compress.GZIP))) {
            write(output, 0, 500);

            await().until(() -> archives().size() == 3
                    && archives().stream()
                            .skip(1)
                            .allMatch(each -> each.toString().endsWith(".gz")));
            await().until(() -> !Files.exists(half));
        }
        assertThat(files()).noneMatch(each -> each.toString().endsWith(".part"));
        assertThat(odd).exists();
    }

    @Test
    void aFileThatCannotBePutAsideIsWrittenOnAndTriedAgainLater() throws IOException {
        Path file = folder.resolve("a".repeat(240)); // its archive would have a longer name than there are
        try (FileOutput output =
                new FileOutput(file, new Rotation(SMALL, null, 2, MUCH, Compress.NONE), clock, context.logger())) {
            List<String> lines = write(output, 0, 300);

            assertThat(Files.readAllLines(file)).isEqualTo(lines);
            assertThat(context.log()).singleElement().asString().contains("goes on in the same file");
            clock.advance(Duration.ofSeconds(10));
            output.write(List.of("later"));
            assertThat(context.log()).hasSize(2);
        }
    }

    @Test
    void theNewestArchiveStaysHoweverLargeItIs() throws IOException {
        try (FileOutput output = output(new Rotation(SMALL, null, 14, SMALL, Compress.NONE))) {
            write(output, 0, 300);

            await().until(() -> archives().size() == 1);
        }
        assertThat(archives()).hasSize(1);
    }

    private FileOutput output(@Nullable Rotation rotation) throws IOException {
        return new FileOutput(folder.resolve("access.log"), rotation, clock, context.logger());
    }

    private List<String> write(FileOutput output, int from, int to) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = from; i < to; i++) {
            lines.add(LogFiles.line(i));
            output.write(List.of(LogFiles.line(i)));
        }
        output.write(List.of());
        return lines;
    }

    private List<String> everything() {
        return new LogFiles(folder.resolve("access.log")).lines();
    }

    private List<Path> archives() {
        return new LogFiles(folder.resolve("access.log")).archives();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
