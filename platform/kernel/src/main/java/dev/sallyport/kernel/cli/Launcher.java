package dev.sallyport.kernel.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The process that has started this one, and starts it again where memory ran out: {@code bin/sallyport run}. */
final class Launcher {

    private static final int KILLED = 137;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private Launcher() {}

    /** Ends this process at once when the launcher is gone without having told it, so that it never serves unattended. */
    static void endWithIt() {
        Long pid = Long.getLong("sallyport.launcher");
        if (pid == null || pid == ProcessHandle.current().pid()) {
            return;
        }
        Optional<ProcessHandle> launcher = ProcessHandle.of(pid);
        Thread.ofPlatform().daemon().name("launcher").start(() -> {
            launcher.ifPresent(Launcher::awaitEnd);
            Runtime.getRuntime().halt(KILLED);
        });
    }

    /** Where this process has no file descriptor left, the JDK cannot look at another one and takes it for ended. */
    private static void awaitEnd(ProcessHandle launcher) {
        Path seenWithoutDescriptor = Path.of("/proc", Long.toString(launcher.pid()));
        launcher.onExit().join();
        while (Files.exists(seenWithoutDescriptor)) {
            LockSupport.parkNanos(PAUSE.toNanos());
            launcher.onExit().join();
        }
    }

    /** Whether this is not the first process of that launcher: the one before has run out of memory. */
    static boolean startsAgain() {
        return Boolean.getBoolean("sallyport.restarted");
    }
}
