package dev.sallyport.kernel.doctor;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.netbeans.lib.profiler.heap.ArrayItemValue;
import org.netbeans.lib.profiler.heap.FieldValue;
import org.netbeans.lib.profiler.heap.GCRoot;
import org.netbeans.lib.profiler.heap.Heap;
import org.netbeans.lib.profiler.heap.HeapFactory;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.JavaClass;
import org.netbeans.lib.profiler.heap.PrimitiveArrayInstance;
import org.netbeans.lib.profiler.heap.Value;

/**
 * Finds in a dump of the heap what refers to unloaded plugins. The dump holds whatever the gateway has in memory, secrets
 * and bodies too: it lies in a folder that only its owner can read, and is deleted at once. Everything stands still while
 * it is written. Thread-safe; one dump at a time.
 */
public final class HeapDump {

    private static final String PREFIX = "heap-";
    private static final int MOST_PATHS = 20;
    private static final int LONGEST_PATH = 100;
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    /** By the beginning of a class's name in a path: what that path is. The first that fits. */
    private static final Map<String, Kind> HOLDERS = Map.of(
            "java.util.concurrent.DelayScheduler", Kind.DELAYED_TASK,
            "jdk.internal.ref.CleanerImpl", Kind.CLEANER,
            "java.lang.ThreadLocal$ThreadLocalMap", Kind.THREAD_LOCAL,
            "java.lang.ApplicationShutdownHooks", Kind.SHUTDOWN_HOOK,
            "java.util.concurrent.ThreadPoolExecutor", Kind.EXECUTOR,
            "java.lang.VirtualThread", Kind.VIRTUAL_THREAD,
            "java.util.TimerThread", Kind.TIMER);

    private HeapDump() {}

    /**
     * Writes a dump, reads it and deletes it.
     *
     * @param folder where it may lie
     * @param loaderClass the class of plugins' loaders, which says {@code closed} and {@code artefact} in its fields
     * @return one for each unloaded plugin that is in memory, the first ones only
     */
    public static List<HeapPath> paths(Path folder, String loaderClass) throws IOException {
        ONE_AT_A_TIME.lock();
        try {
            // The JDK gives it to its owner alone, where the file system can.
            Path own = Files.createTempDirectory(folder, PREFIX);
            try {
                Path dump = own.resolve("heap.hprof");
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                        .dumpHeap(dump.toAbsolutePath().toString(), true);
                return read(HeapFactory.createHeap(dump.toFile()), loaderClass);
            } finally {
                delete(own);
            }
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    /** Deletes what a process that was killed meanwhile has left. */
    public static void sweep(Path folder) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path each : left) {
                delete(each);
            }
        }
    }

    private static List<HeapPath> read(Heap heap, String loaderClass) {
        List<HeapPath> paths = new ArrayList<>();
        JavaClass type = heap.getJavaClassByName(loaderClass);
        Iterator<?> loaders = type == null ? List.of().iterator() : type.getInstancesIterator();
        while (loaders.hasNext() && paths.size() < MOST_PATHS) {
            Instance loader = (Instance) loaders.next();
            if (Boolean.TRUE.equals(loader.getValueOfField("closed"))) {
                paths.add(path(heap, loader));
            }
        }
        return paths;
    }

    private static HeapPath path(Heap heap, Instance loader) {
        String plugin = text(loader.getValueOfField("artefact"));
        List<String> path = new ArrayList<>();
        Kind kind = Kind.UNKNOWN;
        Instance at = loader;
        path.add(name(at));
        while (!at.isGCRoot() && path.size() < LONGEST_PATH) {
            Instance holder = at.getNearestGCRootPointer();
            if (holder == null) {
                return new HeapPath(
                        plugin,
                        "none",
                        List.of(),
                        "nothing, where only soft references lead to it: it goes when memory is short");
            }
            path.add(name(holder) + reference(holder, at));
            kind = better(kind, holder);
            at = holder;
        }
        GCRoot root = heap.getGCRoot(at);
        return new HeapPath(
                plugin,
                root == null ? "unknown" : root.getKind(),
                path.reversed(),
                kind == Kind.UNKNOWN ? "let go of it in close()" : kind.mend());
    }

    private static Kind better(Kind known, Instance holder) {
        String name = holder.getJavaClass().getName();
        return HOLDERS.entrySet().stream()
                .filter(each -> name.startsWith(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(known);
    }

    /** A thread with its name, an object of class Class with what it is the class of. */
    private static String name(Instance instance) {
        String type = instance.getJavaClass().getName();
        return instance.getValueOfField("holder") != null && instance.getValueOfField("name") instanceof Instance name
                ? type + " '" + text(name) + "'"
                : type;
    }

    /** {@code .table} or {@code [3]}. */
    private static String reference(Instance from, Instance to) {
        for (Object each : to.getReferences()) {
            if (each instanceof Value value
                    && value.getDefiningInstance() != null
                    && value.getDefiningInstance().getInstanceId() == from.getInstanceId()) {
                return switch (each) {
                    case FieldValue field -> "." + field.getField().getName();
                    case ArrayItemValue item -> "[" + item.getIndex() + "]";
                    default -> "";
                };
            }
        }
        return "";
    }

    private static String text(@Nullable Object string) {
        if (string instanceof Instance instance
                && instance.getValueOfField("value") instanceof PrimitiveArrayInstance array) {
            List<?> characters = array.getValues();
            StringBuilder text = new StringBuilder();
            characters.forEach(each -> text.append((char) Integer.parseInt(String.valueOf(each))));
            return text.toString();
        }
        return "";
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
