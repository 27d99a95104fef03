package dev.sallyport.plugins.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.config.Size;
import dev.sallyport.plugins.accesslog.Rotation.Compress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several that rotate one file lose no line, whatever each of them is doing. */
final class SharedFileTest {

    private static final Size SMALL = new Size(4 << 10);
    private static final Size MUCH = new Size(1 << 30);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    /** As it is for a while when the settings of a step change, or its plugin is upgraded. */
    @Test
    void twoOfOneProcessLoseNoLine() throws Exception {
        loseNoLine(begun(() -> write(log(), 5_000, 10_000)));
    }

    @Test
    void twoProcessesLoseNoLine() throws Exception {
        loseNoLine(another(5_000, 10_000));
    }

    private void loseNoLine(CompletableFuture<?> other) {
        write(log(), 0, 5_000);
        other.join();

        assertThat(files().lines()).containsExactlyInAnyOrderElementsOf(lines(0, 10_000));
    }

    /** For as long as it takes the other one to put the file aside, to compress it and to delete it. */
    @Test
    void oneThatStandsStillAfterItHasLookedLosesNoLine() throws Exception {
        losesNoLineWhileItStandsStill(() -> begun(() -> write(log(), 201, 211)));
    }

    @Test
    void oneThatStandsStillBesideAnotherProcessLosesNoLine() throws Exception {
        losesNoLineWhileItStandsStill(() -> another(201, 211));
    }

    private interface Other {
        CompletableFuture<?> start() throws IOException;
    }

    private void losesNoLineWhileItStandsStill(Other other) throws Exception {
        CountDownLatch looked = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        InstantSource standsStill = () -> {
            looked.countDown();
            awaitQuietly(mayGoOn);
            return InstantSource.system().instant();
        };
        CompletableFuture<?> written;
        try (FileOutput output = output(log(), MUCH, InstantSource.system())) {
            output.write(lines(0, 200)); // so that it is time for whoever puts it aside when it is small
        }
        try (FileOutput output = output(log(), MUCH, standsStill)) {
            written = begun(() -> write(output, lines(200, 201)));
            looked.await();
            try {
                other.start().join();
            } finally {
                mayGoOn.countDown();
            }
            written.join();
        }

        assertThat(files().lines()).containsExactlyInAnyOrderElementsOf(lines(0, 211));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CompletableFuture<?> begun(Runnable work) {
        return CompletableFuture.runAsync(work, task -> Thread.ofPlatform().start(task));
    }

    /** What another process has written, and put aside, and compressed. */
    private CompletableFuture<?> another(int from, int to) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SharedFileTest.class.getName(),
                        log().toString(),
                        String.valueOf(from),
                        String.valueOf(to))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("other.txt").toFile())
                .start()
                .onExit()
                .thenAccept(process -> assertThat(process.exitValue())
                        .as(() -> LogFiles.read(folder.resolve("other.txt")))
                        .isZero());
    }

    /** The other process. */
    public static void main(String[] args) {
        write(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    }

    /** Writes lines, ten at a time, and waits until what was put aside is compressed. */
    private static void write(Path log, int from, int to) {
        try (FileOutput output = output(log, SMALL, InstantSource.system())) {
            for (int i = from; i < to; i += 10) {
                write(output, lines(i, i + 10));
            }
            await().atMost(PATIENCE).until(new LogFiles(log)::areCompressed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(FileOutput output, List<String> lines) {
        try {
            output.write(lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileOutput output(Path log, Size size, InstantSource clock) throws IOException {
        return new FileOutput(
                log, new Rotation(size, null, 10_000, MUCH, Compress.GZIP), clock, System.getLogger("test"));
    }

    private static List<String> lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(LogFiles::line).toList();
    }

    private LogFiles files() {
        return new LogFiles(log());
    }

    private Path log() {
        return folder.resolve("access.log");
    }
}
