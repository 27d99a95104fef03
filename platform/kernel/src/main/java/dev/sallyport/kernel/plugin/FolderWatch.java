package dev.sallyport.kernel.plugin;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread that looks at the plugins folder, and deploys what it finds: a platform thread, since verifying jars burns
 * processor time. The file system's notices are a hint only (they are lost, late or absent on some systems): it looks
 * twice a second without them, and oftener while a file is not settled.
 */
final class FolderWatch implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("plugins");
    private static final Duration CALM = Duration.ofMillis(500);
    private static final Duration BUSY = Duration.ofMillis(40);
    private static final Duration END = Duration.ofSeconds(10);

    private final Path folder;
    private final BooleanSupplier busy;
    private final Runnable look;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /**
     * Starts it.
     *
     * @param busy whether to look again soon
     * @param look run at each look; what it throws is logged
     */
    FolderWatch(Path folder, BooleanSupplier busy, Runnable look) {
        this.folder = folder;
        this.busy = busy;
        this.look = look;
        this.thread = Thread.ofPlatform().daemon().name("sallyport-deploy").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try (WatchService hints = hints()) {
            while (!await(hints)) {
                look();
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the watch on the plugins folder did not end well", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            look.run();
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            LOG.log(System.Logger.Level.ERROR, "a change of the plugins folder could not be taken up", e);
        }
    }

    private @Nullable WatchService hints() {
        try {
            WatchService hints = folder.getFileSystem().newWatchService();
            folder.register(
                    hints,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
            return hints;
        } catch (IOException | UnsupportedOperationException e) {
            LOG.log(System.Logger.Level.DEBUG, "the file system gives no notices; looking twice a second is enough", e);
            return null;
        }
    }

    /** Waits for a notice or the time of the next look; true once closed. */
    private boolean await(@Nullable WatchService hints) throws InterruptedException {
        long wait = (busy.getAsBoolean() ? BUSY : CALM).toMillis();
        if (hints == null) {
            return closed.await(wait, TimeUnit.MILLISECONDS);
        }
        try {
            WatchKey key = hints.poll(wait, TimeUnit.MILLISECONDS);
            if (key == null) {
                return closed.getCount() == 0;
            }
            // A file that is written gives a notice for each block: one look for many of them.
            boolean over = closed.await(BUSY.toMillis(), TimeUnit.MILLISECONDS);
            key.pollEvents();
            key.reset();
            return over;
        } catch (ClosedWatchServiceException e) {
            return true;
        }
    }

    /** Stops looking; a look that runs is waited for, but not for ever. */
    @Override
    public void close() {
        closed.countDown();
        if (thread.equals(Thread.currentThread())) {
            return;
        }
        try {
            if (!thread.join(END)) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "a change of the plugins folder is still being taken up; not waited for");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
