package dev.sallyport.kernel.doctor;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The threads that are alive. */
final class AllThreads {

    private AllThreads() {}

    static List<Thread> platform() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        // Threads may start while they are listed; one that does not fit is seen at the next look.
        Thread[] threads = new Thread[root.activeCount() + 64];
        int count = root.enumerate(threads, true);
        return Arrays.asList(threads).subList(0, count);
    }

    /** None where the JDK does not track them ({@code -Djdk.trackAllThreads=false}) or is not opened. */
    static List<Thread> virtual() {
        Object registry = Internals.readStatic("jdk.internal.vm.ThreadContainers", "CONTAINER_REGISTRY");
        Stream<@Nullable Object> containers = registry instanceof Collection<?> all
                ? all.stream().map(each -> each instanceof Reference<?> weak ? weak.get() : null)
                : Stream.of();
        return Stream.concat(
                        Stream.of(Internals.readStatic("jdk.internal.vm.ThreadContainers", "ROOT_CONTAINER")),
                        containers)
                .filter(Objects::nonNull)
                .flatMap(container ->
                        Internals.call(container, "threads") instanceof Stream<?> threads ? threads : Stream.of())
                .map(Thread.class::cast)
                .filter(thread -> thread.isVirtual() && thread.isAlive())
                .toList();
    }

    /** What a thread runs; null where that cannot be known, or it overrides {@code run}. */
    static @Nullable Object task(Thread thread) {
        return thread.isVirtual()
                ? Internals.read(Internals.read(thread, "cont"), "target")
                : Internals.read(Internals.read(thread, "holder"), "task");
    }

    /** The class of a loader that a platform thread is in just now; null for none, and where that cannot be known. */
    static @Nullable String running(Thread thread, ClassLoader loader) {
        if (!thread.isVirtual() && Internals.call(thread, "getStackTrace0") instanceof StackTraceElement[] frames) {
            for (StackTraceElement frame : frames) {
                // Names do not tell versions of one plugin apart; the class itself does.
                if (Internals.read(frame, "declaringClassObject") instanceof Class<?> type
                        && loader.equals(type.getClassLoader())) {
                    return Reach.readable(type);
                }
            }
        }
        return null;
    }
}
