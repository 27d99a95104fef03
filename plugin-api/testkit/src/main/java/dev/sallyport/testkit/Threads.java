package dev.sallyport.testkit;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The threads that are alive, virtual ones among them, without those that the Java runtime starts for itself. Virtual ones
 * are in no thread group, so all are read from the virtual machine's own thread dump.
 */
public final class Threads {

    private static final Pattern HEAD = Pattern.compile("#(\\d+) \"(.*?)\"(?: (virtual))?(?: .*)?");

    /** Threads that the Java runtime starts for itself whenever it first needs them, and keeps. */
    private static final Pattern OWN_TO_THE_RUNTIME = Pattern.compile(
            "ForkJoinPool-1-.*|ForkJoinPool\\.commonPool-.*|VirtualThread-.*|.*Poller(-\\d+)?|Common-Cleaner|Attach"
                    + " Listener|process reaper.*|Signal Dispatcher|Notification Thread|Reference Handler|Finalizer"
                    + "|surefire-.*");

    private Threads() {}

    /** The threads alive now, by their numbers, which are never used twice. */
    public static Map<Long, String> alive() {
        try {
            Path folder = Files.createTempDirectory("sallyport-threads-");
            Path dump = folder.resolve("threads.txt");
            try {
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                        .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
                return read(Files.readString(dump));
            } finally {
                Files.deleteIfExists(dump);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The threads that are alive now and were not before, once those that are about to end have had time to.
     *
     * @param before what {@link #alive} said then
     * @param patience how long to wait for them to end
     */
    public static Map<Long, String> aliveSince(Map<Long, String> before, Duration patience) {
        long start = System.nanoTime();
        while (true) {
            Map<Long, String> now = alive();
            now.keySet().removeAll(before.keySet());
            if (now.isEmpty() || System.nanoTime() - start > patience.toNanos()) {
                return now;
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static Map<Long, String> read(String dump) {
        Map<Long, String> threads = new TreeMap<>();
        dump.lines().map(HEAD::matcher).filter(Matcher::matches).forEach(head -> {
            if (!OWN_TO_THE_RUNTIME.matcher(head.group(2)).matches()) {
                threads.put(
                        Long.valueOf(head.group(1)),
                        (head.group(3) == null ? "" : "virtual ") + '"' + head.group(2) + '"');
            }
        });
        return threads;
    }
}
