package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;

/**
 * What this JVM has in memory at one moment.
 *
 * @param classes how many classes are loaded
 * @param metaspace bytes of metaspace in use
 * @param heap bytes of heap in use after a collection
 * @param threads platform threads
 */
record Footprint(int classes, long metaspace, long heap, int threads) {

    private static final long MIB = 1 << 20;

    /** Lambdas, proxies and accessors that the JDK makes after some use: in the first hundreds of swaps, and then no more. */
    private static final int CLASSES = 300;

    private static final long METASPACE = 6 * MIB;
    private static final long HEAP = 16 * MIB;
    private static final int THREADS = 16;

    /** Collects what can be collected, and looks. */
    static Footprint now() {
        System.gc();
        long metaspace = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .mapToLong(Footprint::used)
                .sum();
        return new Footprint(
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
                metaspace,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private static long used(MemoryPoolMXBean pool) {
        return pool.getUsage().getUsed();
    }

    /** Flat within what a JVM does by itself, and far below what one class loader a swap would add. */
    void assertFlatSince(Footprint before, String what) {
        System.out.println(what + ": " + this);
        assertThat(classes).as("classes").isLessThan(before.classes + CLASSES);
        assertThat(metaspace).as("metaspace").isLessThan(before.metaspace + METASPACE);
        assertThat(heap).as("heap").isLessThan(before.heap + HEAP);
        assertThat(threads).as("threads").isLessThan(before.threads + THREADS);
    }

    /** In words, for the proof. */
    @Override
    public String toString() {
        return "%d classes, %.1f MiB metaspace, %.1f MiB heap, %d threads"
                .formatted(classes, (double) metaspace / MIB, (double) heap / MIB, threads);
    }
}
