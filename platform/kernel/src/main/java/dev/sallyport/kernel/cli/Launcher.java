package dev.sallyport.kernel.cli;

import java.util.Optional;

/** The process that has started this one, and starts it again where memory ran out: {@code bin/sallyport run}. */
final class Launcher {

    private static final int KILLED = 137;

    private Launcher() {}

    /** Ends this process at once when the launcher is gone without having told it, so that it never serves unattended. */
    static void endWithIt() {
        Long pid = Long.getLong("sallyport.launcher");
        if (pid == null || pid == ProcessHandle.current().pid()) {
            return;
        }
        Optional<ProcessHandle> launcher = ProcessHandle.of(pid);
        Thread.ofPlatform().daemon().name("launcher").start(() -> {
            launcher.ifPresent(process -> process.onExit().join());
            Runtime.getRuntime().halt(KILLED);
        });
    }

    /** Whether this is not the first process of that launcher: the one before has run out of memory. */
    static boolean startsAgain() {
        return Boolean.getBoolean("sallyport.restarted");
    }
}
