package dev.sallyport.testkit;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Credential;
import dev.sallyport.api.Discovery;
import dev.sallyport.api.DiscoveryFactory;
import dev.sallyport.api.Exporter;
import dev.sallyport.api.ExporterFactory;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Scripts;
import dev.sallyport.api.ServiceContext;
import dev.sallyport.api.Store;
import dev.sallyport.api.StoreFactory;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.telemetry.Metric;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A context that lends for real what the gateway lends a step or a service, with a clock that the test moves, and takes it all back
 * when it is closed. Thread-safe.
 *
 * {@snippet :
 * try (FakeContext context = FakeContext.create()) {
 *     Filter filter = context.create(new StampFactory(), new StampFactory.Config("x-stamp"));
 *     …
 * }
 * }
 *
 * <ol>
 *   <li>The store {@code memory} keeps the contract of {@link Store} by the {@linkplain #clock() clock}; the scheduler
 *       goes by the machine's time, as the gateway's does.
 *   <li>{@link #close} closes what {@link #create(FilterFactory, Record)} made, cancels tasks, closes what
 *       {@link #onClose} was given, gives leases back, deletes the data folder, and fails where a task does not end.
 * </ol>
 */
public final class FakeContext implements FilterContext, ServiceContext, AutoCloseable {

    private final String route;
    private final String step;
    private final String key;
    private final boolean monitored;
    private final ManualClock clock;
    private final Map<String, Store> stores;
    private final List<Credential<?>> credentials;
    private final List<Consumer> consumers;
    private final @Nullable Scripts scripts;
    private final Duration patience;
    private final Supplier<List<Metric>> allMetrics;
    private final Leases leases;
    private final RecordingLogger logger = new RecordingLogger();
    private final ScheduledThreadPoolExecutor scheduler;
    private final ExecutorService cpu = Executors.newFixedThreadPool(
            2, Thread.ofPlatform().name("testkit-cpu-", 0).daemon().factory());
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("testkit-thread-", 0).factory());
    private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
    private final SdkMeterProvider meters =
            SdkMeterProvider.builder().registerMetricReader(metrics).build();
    private final List<AutoCloseable> onClose = new CopyOnWriteArrayList<>();
    private final List<Object> leased = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> filters = new CopyOnWriteArrayList<>();
    private final TreeSet<String> ownedHeaders = new TreeSet<>();
    private @Nullable HttpClient http;
    private @Nullable Path dataFolder;
    private boolean creating;
    private boolean closed;

    private FakeContext(Builder builder, Leases leases, Map<String, Store> stores) {
        route = builder.route;
        step = builder.step;
        key = builder.key == null ? "test/" + route + "/" + step : builder.key;
        monitored = builder.monitored;
        clock = builder.clock;
        credentials = List.copyOf(builder.credentials);
        consumers = List.copyOf(builder.consumers);
        scripts = builder.scripts;
        patience = builder.patience;
        allMetrics = builder.allMetrics;
        this.leases = leases;
        this.stores = stores;
        // A pool of virtual threads that may grow: a task that blocks holds up no other, as in the gateway.
        scheduler = new ScheduledThreadPoolExecutor(
                64, Thread.ofVirtual().name("testkit-scheduler-", 0).factory());
        scheduler.setRemoveOnCancelPolicy(true);
    }

    /** A context with what a {@link Builder} starts with. */
    public static FakeContext create() {
        return builder().build();
    }

    /** A builder, for a context with more. */
    public static Builder builder() {
        return new Builder();
    }

    /** The context of another step of the same plugin: it shares clock, stores and leases with this one. */
    public FakeContext sibling(String siblingRoute, String siblingStep) {
        Builder builder = new Builder().route(siblingRoute).step(siblingStep).clock(clock);
        builder.credentials.addAll(credentials);
        builder.consumers.addAll(consumers);
        builder.scripts = scripts;
        return new FakeContext(builder, leases, stores);
    }

    /** Makes a filter as the gateway does; it is closed together with this context. */
    public <C extends Record> Filter create(FilterFactory<C> factory, C config) {
        creating(true);
        try {
            Filter filter = factory.create(config, this);
            filters.add(filter);
            return filter;
        } finally {
            creating(false);
        }
    }

    /** Makes a service that discovers, as the gateway does; it is closed together with this context. */
    public <C extends Record> Discovery createDiscovery(DiscoveryFactory<C> factory, C config) {
        Discovery discovery = factory.create(config, this);
        filters.add(discovery);
        return discovery;
    }

    /**
     * Makes a service that is a store, and waits up to 3 s until it has no trouble, as the gateway does; what it gave to
     * {@link #onClose} is closed with this context.
     */
    public <C extends Record> Store createStore(StoreFactory<C> factory, C config) {
        Store store = factory.create(config, this);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        while (store.trouble() != null && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
        return store;
    }

    /** Makes a service that carries telemetry outside; what it gave to {@link #onClose} is closed with this context. */
    public <C extends Record> Exporter createExporter(ExporterFactory<C> factory, C config) {
        return factory.create(config, this);
    }

    @Override
    public String route() {
        return route;
    }

    @Override
    public String step() {
        return step;
    }

    /** The name of a service; the same as {@link #step()}. */
    @Override
    public String name() {
        return step;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public boolean monitored() {
        return monitored;
    }

    @Override
    public ManualClock clock() {
        return clock;
    }

    @Override
    public System.Logger logger() {
        return logger;
    }

    /** What was logged, each as {@code LEVEL message}. */
    public List<String> log() {
        return logger.lines();
    }

    @Override
    public ScheduledExecutorService scheduler() {
        return scheduler;
    }

    @Override
    public ExecutorService threads() {
        return threads;
    }

    @Override
    public <R extends AutoCloseable> R onClose(R resource) {
        onClose.add(resource);
        return resource;
    }

    @Override
    public Meter meter() {
        return meters.get(key);
    }

    /**
     * The metrics as they are now, without the attributes that the gateway adds; none after close. OpenTelemetry has
     * assertions for them:
     *
     * {@snippet :
     * assertThat(context.metrics()).satisfiesExactly(metric -> OpenTelemetryAssertions.assertThat(metric)
     *         .hasName("sallyport.stamp.refused")
     *         .hasLongSumSatisfying(sum -> sum.hasPointsSatisfying(point -> point.hasValue(1))));
     * }
     */
    public Collection<MetricData> metrics() {
        return metrics.collectAllMetrics();
    }

    /** What {@link Builder#allMetrics} was given. */
    @Override
    public List<Metric> allMetrics() {
        return allMetrics.get();
    }

    @Override
    public Store store(String name) {
        Store store = stores.get(name);
        if (store == null) {
            throw new ConfigException("store", name + " (expected: one of " + new TreeSet<>(stores.keySet()) + ")");
        }
        return store;
    }

    @Override
    public Scripts scripts() {
        if (scripts == null) {
            throw new IllegalStateException("no scripts (expected: FakeContext.builder().scripts(…))");
        }
        return scripts;
    }

    @Override
    public synchronized HttpClient http() {
        if (http == null) {
            http = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .executor(scheduler)
                    .build();
        }
        return http;
    }

    @Override
    public synchronized Path dataFolder() {
        if (dataFolder == null) {
            try {
                dataFolder = Files.createTempDirectory("sallyport-testkit-");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return dataFolder;
    }

    @Override
    public <T> T cpu(Callable<T> task) throws Exception {
        try {
            return cpu.submit(task).get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw e;
            }
        }
    }

    @Override
    public <R extends AutoCloseable> R lease(Object leaseKey, Callable<R> opener) throws Exception {
        R resource = leases.take(leaseKey, opener);
        leased.add(leaseKey);
        return resource;
    }

    /** How many resources are lent to this context and its siblings. */
    public int openLeases() {
        return leases.open();
    }

    @Override
    @SuppressWarnings("unchecked") // filtered by the class of the value
    public <C extends Record> List<Credential<C>> credentials(Class<C> type) {
        return credentials.stream()
                .filter(credential -> type.isInstance(credential.value()))
                .map(credential -> (Credential<C>) credential)
                .toList();
    }

    @Override
    public @Nullable Consumer consumer(String name) {
        return Stream.concat(consumers.stream(), credentials.stream().map(Credential::consumer))
                .filter(consumer -> consumer.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    @Override
    public synchronized void ownHeader(String name) {
        if (!creating) {
            throw new IllegalStateException("ownHeader: " + name + " (expected: only while the filter is created)");
        }
        ownedHeaders.add(name.toLowerCase(Locale.ROOT));
    }

    /** The headers that filters have declared as theirs, in lower case, sorted. */
    public synchronized List<String> ownedHeaders() {
        return List.copyOf(ownedHeaders);
    }

    private synchronized void creating(boolean now) {
        creating = now;
    }

    /**
     * Takes back all that was lent. Calling it again does nothing.
     *
     * @throws AssertionError where closing something failed, or a task does not end
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        List<String> failures = new ArrayList<>();
        filters.reversed().forEach(filter -> attempt(failures, "filter", filter::close));
        scheduler.shutdownNow();
        threads.shutdownNow();
        cpu.shutdownNow();
        attempt(failures, "scheduler", () -> awaitEnd("scheduler", scheduler));
        attempt(failures, "threads", () -> awaitEnd("threads", threads));
        attempt(failures, "cpu", () -> awaitEnd("cpu", cpu));
        attempt(failures, "metrics", meters::close);
        onClose.reversed().forEach(resource -> attempt(failures, "on close", resource::close));
        leased.reversed().forEach(lease -> attempt(failures, "lease " + lease, () -> leases.giveBack(lease)));
        attempt(failures, "http", this::closeHttp);
        attempt(failures, "data folder", this::deleteDataFolder);
        if (!failures.isEmpty()) {
            throw new AssertionError("context: " + String.join("; ", failures));
        }
    }

    private static void attempt(List<String> failures, String what, Closing closing) {
        try {
            closing.run();
        } catch (Exception e) {
            failures.add(what + ": " + e);
        }
    }

    private void awaitEnd(String what, ExecutorService executor) throws InterruptedException {
        if (!executor.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("a task of the " + what + " does not end when it is interrupted");
        }
    }

    private synchronized void closeHttp() {
        if (http != null) {
            http.shutdownNow();
        }
    }

    private synchronized void deleteDataFolder() throws IOException {
        if (dataFolder != null) {
            try (Stream<Path> files = Files.walk(dataFolder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private interface Closing {
        void run() throws Exception;
    }

    /**
     * What a context gives. It starts with: route {@code route}, step {@code step}, the store {@code memory}, a clock at
     * {@link ManualClock#START}, no credentials and no scripts.
     */
    public static final class Builder {

        private String route = "route";
        private String step = "step";
        private @Nullable String key;
        private boolean monitored;
        private ManualClock clock = new ManualClock();
        private final Map<String, Store> stores = new HashMap<>();
        private final List<Credential<?>> credentials = new ArrayList<>();
        private final List<Consumer> consumers = new ArrayList<>();
        private @Nullable Scripts scripts;
        private Duration patience = Duration.ofSeconds(10);
        private Supplier<List<Metric>> allMetrics = List::of;

        private Builder() {}

        /** The route's name, {@code "*"}, or {@code upstream:} and a name. */
        public Builder route(String newRoute) {
            route = newRoute;
            return this;
        }

        /** The step's id. */
        public Builder step(String newStep) {
            step = newStep;
            return this;
        }

        /** The key of the step's state; {@code test/<route>/<step>} where it is not set. */
        public Builder key(String newKey) {
            key = newKey;
            return this;
        }

        /** The step stands there with {@code mode: monitor}. */
        public Builder monitored() {
            monitored = true;
            return this;
        }

        /** A clock that something else shares. */
        public Builder clock(ManualClock newClock) {
            clock = newClock;
            return this;
        }

        /** A further store, or another one as {@code memory}. */
        public Builder store(String name, Store store) {
            stores.put(name, store);
            return this;
        }

        /** A credential of a consumer. */
        public <C extends Record> Builder credential(Consumer consumer, C value) {
            credentials.add(new Credential<>(consumer, value));
            return this;
        }

        /** A consumer that needs no credential; one that has a credential is there by itself. */
        public Builder consumer(Consumer consumer) {
            consumers.add(consumer);
            return this;
        }

        /** The JavaScript engine. */
        public Builder scripts(Scripts newScripts) {
            scripts = newScripts;
            return this;
        }

        /** What a service finds when it reads all metrics of the gateway; nothing unless set. */
        public Builder allMetrics(Supplier<List<Metric>> metrics) {
            allMetrics = metrics;
            return this;
        }

        /** How long {@link FakeContext#close} waits for tasks to end; 10 s where it is not set. */
        public Builder patience(Duration newPatience) {
            patience = newPatience;
            return this;
        }

        /** The context. */
        public FakeContext build() {
            Map<String, Store> all = new HashMap<>(stores);
            all.putIfAbsent("memory", new MemoryStore(clock));
            return new FakeContext(this, new Leases(), all);
        }
    }
}
