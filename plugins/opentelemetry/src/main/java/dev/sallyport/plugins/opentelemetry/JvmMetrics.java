package dev.sallyport.plugins.opentelemetry;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.OperatingSystemMXBean;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import io.opentelemetry.context.Context;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of the Java runtime, by the semantic conventions (https://opentelemetry.io/docs/specs/semconv/runtime/jvm-metrics/),
 * from the platform's own beans: the library for it brings an agent's instrumentation along.
 */
final class JvmMetrics implements AutoCloseable {

    private static final AttributeKey<String> MEMORY_TYPE = AttributeKey.stringKey("jvm.memory.type");
    private static final AttributeKey<String> MEMORY_POOL = AttributeKey.stringKey("jvm.memory.pool.name");
    private static final AttributeKey<String> GC_NAME = AttributeKey.stringKey("jvm.gc.name");
    private static final AttributeKey<String> GC_ACTION = AttributeKey.stringKey("jvm.gc.action");
    private static final AttributeKey<String> THREAD_STATE = AttributeKey.stringKey("jvm.thread.state");
    private static final AttributeKey<Boolean> THREAD_DAEMON = AttributeKey.booleanKey("jvm.thread.daemon");
    private static final List<Double> GC_SECONDS = List.of(0.01, 0.1, 1.0, 10.0);
    private static final double MILLIS = 1e3;
    private static final double NANOS = 1e9;

    private final List<Listening> listening = new ArrayList<>();

    /** A listener of a collector, to be taken away again: the bean outlives the plugin. */
    private record Listening(NotificationEmitter emitter, NotificationListener listener) {}

    JvmMetrics(Meter meter) {
        memory(meter, "jvm.memory.used", "Measure of memory used.", pool -> used(pool.getUsage()));
        memory(meter, "jvm.memory.committed", "Measure of memory committed.", pool -> {
            MemoryUsage usage = pool.getUsage();
            return usage == null ? null : usage.getCommitted();
        });
        memory(meter, "jvm.memory.limit", "Measure of max obtainable memory.", pool -> {
            MemoryUsage usage = pool.getUsage();
            return usage == null || usage.getMax() < 0 ? null : usage.getMax();
        });
        memory(
                meter,
                "jvm.memory.used_after_last_gc",
                "Measure of memory used, as measured after the most recent garbage collection event on this pool.",
                pool -> used(pool.getCollectionUsage()));
        collections(meter);
        threads(meter);
        classes(meter);
        cpu(meter);
    }

    private static @Nullable Long used(@Nullable MemoryUsage usage) {
        return usage == null ? null : usage.getUsed();
    }

    private static void memory(
            Meter meter, String name, String description, Function<MemoryPoolMXBean, @Nullable Long> of) {
        Map<MemoryPoolMXBean, Attributes> pools = new HashMap<>();
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            pools.put(
                    pool,
                    Attributes.of(
                            MEMORY_TYPE,
                            pool.getType() == MemoryType.HEAP ? "heap" : "non_heap",
                            MEMORY_POOL,
                            pool.getName()));
        }
        var _ = meter.upDownCounterBuilder(name)
                .setDescription(description)
                .setUnit("By")
                .buildWithCallback(to -> pools.forEach((pool, attributes) -> {
                    Long value = of.apply(pool);
                    if (value != null) {
                        to.record(value, attributes);
                    }
                }));
    }

    private void collections(Meter meter) {
        DoubleHistogram seconds = meter.histogramBuilder("jvm.gc.duration")
                .setDescription("Duration of JVM garbage collection actions.")
                .setUnit("s")
                .setExplicitBucketBoundariesAdvice(GC_SECONDS)
                .build();
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                NotificationListener listener = (notification, handback) -> collected(seconds, notification);
                emitter.addNotificationListener(listener, null, null);
                listening.add(new Listening(emitter, listener));
            }
        }
    }

    private static void collected(DoubleHistogram seconds, Notification notification) {
        if (notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)
                && notification.getUserData() instanceof CompositeData data) {
            GarbageCollectionNotificationInfo info = GarbageCollectionNotificationInfo.from(data);
            seconds.record(
                    info.getGcInfo().getDuration() / MILLIS,
                    Attributes.of(GC_NAME, info.getGcName(), GC_ACTION, info.getGcAction()),
                    Context.root());
        }
    }

    private static void threads(Meter meter) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        var _ = meter.upDownCounterBuilder("jvm.thread.count")
                .setDescription("Number of executing platform threads.")
                .setUnit("{thread}")
                .buildWithCallback(to -> count(threads, to));
    }

    private static void count(ThreadMXBean threads, ObservableLongMeasurement to) {
        Map<Attributes, Long> counts = new HashMap<>();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null) { // it may have ended meanwhile
                String state = thread.getThreadState().name().toLowerCase(Locale.ROOT);
                counts.merge(Attributes.of(THREAD_DAEMON, thread.isDaemon(), THREAD_STATE, state), 1L, Long::sum);
            }
        }
        counts.forEach((attributes, count) -> to.record(count, attributes));
    }

    private static void classes(Meter meter) {
        ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
        var _ = meter.counterBuilder("jvm.class.loaded")
                .setDescription("Number of classes loaded since JVM start.")
                .setUnit("{class}")
                .buildWithCallback(to -> to.record(classes.getTotalLoadedClassCount()));
        var _ = meter.counterBuilder("jvm.class.unloaded")
                .setDescription("Number of classes unloaded since JVM start.")
                .setUnit("{class}")
                .buildWithCallback(to -> to.record(classes.getUnloadedClassCount()));
        var _ = meter.upDownCounterBuilder("jvm.class.count")
                .setDescription("Number of classes currently loaded.")
                .setUnit("{class}")
                .buildWithCallback(to -> to.record(classes.getLoadedClassCount()));
    }

    private static void cpu(Meter meter) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        var _ = meter.counterBuilder("jvm.cpu.time")
                .ofDoubles()
                .setDescription("CPU time used by the process as reported by the JVM.")
                .setUnit("s")
                .buildWithCallback(to -> {
                    long nanos = system.getProcessCpuTime();
                    if (nanos >= 0) {
                        to.record(nanos / NANOS);
                    }
                });
        var _ = meter.upDownCounterBuilder("jvm.cpu.count")
                .setDescription("Number of processors available to the Java virtual machine.")
                .setUnit("{cpu}")
                .buildWithCallback(to -> to.record(Runtime.getRuntime().availableProcessors()));
        var _ = meter.gaugeBuilder("jvm.cpu.recent_utilization")
                .setDescription("Recent CPU utilization for the process as reported by the JVM.")
                .setUnit("1")
                .buildWithCallback(to -> {
                    double load = system.getProcessCpuLoad();
                    if (load >= 0) {
                        to.record(load);
                    }
                });
    }

    @Override
    public void close() {
        for (Listening each : listening) {
            try {
                each.emitter().removeNotificationListener(each.listener());
            } catch (ListenerNotFoundException gone) {
                // then there is nothing to take away
            }
        }
    }
}
