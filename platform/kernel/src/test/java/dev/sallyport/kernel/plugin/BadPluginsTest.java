package dev.sallyport.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.kernel.doctor.Finding;
import dev.sallyport.kernel.doctor.HeapPath;
import dev.sallyport.kernel.doctor.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plugins that leave something behind on purpose, one for each way: the doctor takes it back, or names it. */
class BadPluginsTest {

    /** Long, for machines that do much else; nothing waits for it. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int SWAPS = Boolean.getBoolean("sallyport.proof") ? 100 : 3;

    private static final ExecutorService SHARED = Executors.newFixedThreadPool(
            1, Thread.ofPlatform().daemon().name("shared").factory());

    @TempDir
    Path temp;

    private final FakeClock clock = new FakeClock();

    /**
     * @param create statements of {@code create}
     * @param handle statements of {@code handle}, which run on a virtual thread, or
     * @param pool on a thread that serves others before and after
     * @param members of the factory's class
     */
    private record Bad(
            String name, Kind kind, String what, boolean pool, String create, String handle, String members) {

        static Bad inCreate(String name, Kind kind, String what, String create, String members) {
            return new Bad(name, kind, what, false, create, "", members);
        }

        static Bad inHandle(String name, Kind kind, String what, String handle, String members) {
            return new Bad(name, kind, what, false, "", handle, members);
        }

        static Bad onPool(String name, Kind kind, String what, String handle, String members) {
            return new Bad(name, kind, what, true, "", handle, members);
        }

        PluginJar jar() {
            String body = create + "\nreturn (request, next) -> { " + handle + "\nreturn null; };";
            return PluginJar.of("bad", "1.0.0").filter("acme/bad", "x.Bad", body, members);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final String SLEEP = "try { Thread.sleep(3_600_000); } catch (InterruptedException e) { return; }";

    private static final String DEAF = "while (!Boolean.getBoolean(\"bad.end\"))"
            + " { java.util.concurrent.locks.LockSupport.parkNanos(1_000_000); Thread.interrupted(); }";

    static Stream<Bad> healed() {
        return Stream.of(
                Bad.inCreate(
                        "a thread made in create",
                        Kind.THREAD,
                        "the thread 'bad-thread' of a lambda of x.Bad",
                        "Thread.ofPlatform().daemon().name(\"bad-thread\").start(() -> {" + SLEEP + "});",
                        ""),
                Bad.inHandle(
                        "a thread made in handle",
                        Kind.THREAD,
                        "the thread 'bad-thread' of a lambda of x.Bad",
                        "Thread.ofPlatform().daemon().name(\"bad-thread\").start(() -> {" + SLEEP + "});",
                        ""),
                Bad.inHandle(
                        "a thread of an own class",
                        Kind.THREAD,
                        "the thread 'bad-thread' of x.Bad$Own",
                        "new Own().start();",
                        "static final class Own extends Thread { Own() { super(\"bad-thread\"); setDaemon(true); }"
                                + " @Override public void run() {" + SLEEP + "} }"),
                Bad.inCreate(
                        "a virtual thread that sleeps",
                        Kind.VIRTUAL_THREAD,
                        "a virtual thread of a lambda of x.Bad",
                        "Thread.startVirtualThread(() -> {" + SLEEP + "});",
                        ""),
                Bad.inHandle(
                        "a virtual thread on its own queue",
                        Kind.VIRTUAL_THREAD,
                        "a virtual thread of a lambda of x.Bad",
                        "var queue = new java.util.concurrent.LinkedBlockingQueue<Bad>(); Thread.startVirtualThread(()"
                                + " -> { try { queue.take(); } catch (InterruptedException e) { return; } });",
                        ""),
                Bad.inHandle(
                        "an executor of virtual threads",
                        Kind.VIRTUAL_THREAD,
                        "a virtual thread of a lambda of x.Bad",
                        "java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor().submit(() -> {" + SLEEP
                                + "});",
                        ""),
                Bad.inCreate(
                        "a scheduler",
                        Kind.EXECUTOR,
                        "the executor of the thread 'pool-",
                        "java.util.concurrent.Executors.newScheduledThreadPool(1).scheduleAtFixedRate(() -> {}, 0, 1,"
                                + " java.util.concurrent.TimeUnit.HOURS);",
                        ""),
                Bad.inHandle(
                        "a pool that is idle",
                        Kind.EXECUTOR,
                        "the executor of the thread 'bad-pool' of a lambda of x.Bad",
                        "java.util.concurrent.Executors.newFixedThreadPool(1, task -> { Thread made = new Thread(task,"
                                + " \"bad-pool\"); made.setDaemon(true); return made; }).submit(() -> 1).get();",
                        ""),
                Bad.inHandle(
                        "a pool that is at work",
                        Kind.EXECUTOR,
                        "of the thread 'pool-",
                        "java.util.concurrent.Executors.newFixedThreadPool(1).submit(() -> {" + SLEEP + "});",
                        ""),
                Bad.inHandle(
                        "a timer",
                        Kind.TIMER,
                        "the timer of the thread 'bad-timer' of x.Bad$1",
                        "new java.util.Timer(\"bad-timer\", true).schedule(task(), 1, 3_600_000);",
                        "static java.util.TimerTask task() { return new java.util.TimerTask() { public void run() {}"
                                + " }; }"),
                Bad.inCreate(
                        "a pool that has forgotten all but its context class loader",
                        Kind.CONTEXT_CLASS_LOADER,
                        "its context class loader to the thread 'pool-",
                        "java.util.concurrent.Executors.newFixedThreadPool(1).submit(System::nanoTime);",
                        ""),
                Bad.onPool(
                        "a thread local of a thread of the gateway",
                        Kind.THREAD_LOCAL,
                        "a value of x.Bad in a thread local of the thread 'shared'",
                        "LOCAL.set(new Bad());",
                        "static final ThreadLocal<Bad> LOCAL = new ThreadLocal<>();"),
                Bad.onPool(
                        "a context class loader set in handle",
                        Kind.CONTEXT_CLASS_LOADER,
                        "its context class loader to the thread 'shared'",
                        "Thread.currentThread().setContextClassLoader(Bad.class.getClassLoader());",
                        ""),
                Bad.inCreate(
                        "a shutdown hook",
                        Kind.SHUTDOWN_HOOK,
                        "a shutdown hook of a lambda of x.Bad",
                        "Runtime.getRuntime().addShutdownHook(new Thread(() -> {}));",
                        ""),
                Bad.inCreate(
                        "a default handler of uncaught exceptions",
                        Kind.PROCESS_DEFAULT,
                        "a default handler of uncaught exceptions, a lambda of x.Bad",
                        "Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {});",
                        ""),
                Bad.inCreate(
                        "a JDBC driver",
                        Kind.JDBC_DRIVER,
                        "the JDBC driver x.Bad$Driver",
                        "try { java.sql.DriverManager.registerDriver(new Driver()); } catch (java.sql.SQLException e) {"
                                + " throw new RuntimeException(e); }",
                        """
                        static final class Driver implements java.sql.Driver {
                            public java.sql.Connection connect(String url, java.util.Properties p) { return null; }
                            public boolean acceptsURL(String url) { return false; }
                            public java.sql.DriverPropertyInfo[] getPropertyInfo(String u, java.util.Properties p) {
                                return new java.sql.DriverPropertyInfo[0];
                            }
                            public int getMajorVersion() { return 1; }
                            public int getMinorVersion() { return 0; }
                            public boolean jdbcCompliant() { return false; }
                            public java.util.logging.Logger getParentLogger() { return null; }
                        }
                        """),
                Bad.inCreate(
                        "a handler of logs",
                        Kind.LOG_HANDLER,
                        "the handler x.Bad$Log at the root logger",
                        "java.util.logging.Logger.getLogger(\"\").addHandler(new Log());",
                        "static final class Log extends java.util.logging.Handler { public void publish("
                                + "java.util.logging.LogRecord r) {} public void flush() {} public void close() {} }"),
                Bad.inCreate(
                        "a security provider",
                        Kind.SECURITY_PROVIDER,
                        "the security provider Bad",
                        "java.security.Security.addProvider(new Own());",
                        "static final class Own extends java.security.Provider { Own() { super(\"Bad\", \"1\", \"\");"
                                + " } }"),
                Bad.inCreate(
                        "an MBean",
                        Kind.MBEAN,
                        "the MBean acme:type=Bad",
                        "try { java.lang.management.ManagementFactory.getPlatformMBeanServer().registerMBean(new Own(),"
                                + " new javax.management.ObjectName(\"acme:type=Bad\")); } catch (Exception e) {"
                                + " throw new RuntimeException(e); }",
                        "public interface OwnMBean { int getOne(); } public static final class Own implements OwnMBean"
                                + " { public int getOne() { return 1; } }"),
                Bad.inCreate(
                        "an object in the system properties",
                        Kind.SYSTEM_PROPERTY,
                        "an object in the system property bad",
                        "System.getProperties().put(\"bad\", java.util.List.of(new Bad()));",
                        ""),
                Bad.inHandle(
                        "a bean in the cache of the introspector",
                        Kind.BEAN_CACHE,
                        "what java.beans.Introspector caches",
                        "java.beans.Introspector.getBeanInfo(Own.class);",
                        "public static final class Own { public int getOne() { return 1; } }"),
                Bad.inHandle(
                        "a value of a ClassValue for a class of the JDK",
                        Kind.CLASS_VALUE,
                        "a value, x.Bad, in a ClassValue for java.lang.String",
                        "VALUE.get(String.class);",
                        "static final ClassValue<Bad> VALUE = new ClassValue<>() { protected Bad computeValue(Class<?>"
                                + " c) { return new Bad(); } };"));
    }

    static Stream<Bad> unhealed() {
        return Stream.of(
                Bad.inCreate(
                        "a thread that ignores its interruption",
                        Kind.THREAD,
                        "the thread ignores its interruption",
                        "Thread.ofPlatform().daemon().name(\"bad-thread\").start(() -> {" + DEAF + "});",
                        ""),
                Bad.inHandle(
                        "a virtual thread that ignores its interruption",
                        Kind.VIRTUAL_THREAD,
                        "the thread ignores its interruption",
                        "Thread.startVirtualThread(() -> {" + DEAF + "});",
                        ""),
                Bad.inHandle(
                        "an action with a Cleaner",
                        Kind.CLEANER,
                        "an action, a lambda of x.Bad, with the Cleaner of the thread 'Cleaner-",
                        "CLEANER.register(CLEANER, () -> {});",
                        "static final java.lang.ref.Cleaner CLEANER = java.lang.ref.Cleaner.create();"),
                Bad.inHandle(
                        "a future that times out much later",
                        Kind.UNKNOWN,
                        "plugins doctor --heap",
                        "new java.util.concurrent.CompletableFuture<Object>().orTimeout(5, java.util.concurrent"
                                + ".TimeUnit.MINUTES).whenComplete((v, e) -> {});",
                        ""));
    }

    /** What is no leak, and no reason to blame anybody. */
    static Stream<Bad> good() {
        return Stream.of(
                good("nothing", "", ""),
                good(
                        "a thread local of a virtual thread",
                        "LOCAL.set(new Bad());",
                        "static final ThreadLocal<Bad> LOCAL = new ThreadLocal<>();"),
                good(
                        "a bundle of resources",
                        "java.util.ResourceBundle.getBundle(\"x.Bad$Own\", java.util.Locale.ROOT,"
                                + " Bad.class.getClassLoader());",
                        "public static final class Own extends java.util.ListResourceBundle { protected Object[][]"
                                + " getContents() { return new Object[][] {{\"a\", new Bad()}}; } }"),
                good(
                        "services",
                        "java.util.ServiceLoader.load(Bad.class, Bad.class.getClassLoader()).findFirst();",
                        ""),
                good(
                        "a proxy",
                        "java.lang.reflect.Proxy.newProxyInstance(Bad.class.getClassLoader(), new Class<?>[]"
                                + " {Own.class}, (proxy, method, arguments) -> null);",
                        "interface Own {}"),
                good("the common pool", "java.util.concurrent.CompletableFuture.supplyAsync(Bad::new).get();", ""),
                good(
                        "an HttpClient",
                        "KEPT.add(java.net.http.HttpClient.newHttpClient());",
                        "static final java.util.List<Object> KEPT = new java.util.ArrayList<>();"),
                Bad.inCreate(
                        "a thread that close ends",
                        Kind.UNKNOWN,
                        "",
                        "if (true) { var thread = Thread.ofPlatform().daemon().start(() -> {" + SLEEP + "});"
                                + " return new Filter() { public Response handle(Request r, Next n) { return null; }"
                                + " @Override public void close() { thread.interrupt(); } }; }",
                        ""));
    }

    private static Bad good(String name, String handle, String members) {
        return Bad.inHandle(name, Kind.UNKNOWN, "", handle, members);
    }

    @AfterEach
    void letDeafThreadsEnd() {
        System.setProperty("bad.end", "true");
    }

    private Plugins open(Bad bad) throws Exception {
        System.clearProperty("bad.end");
        bad.jar().build(Files.createDirectories(temp.resolve("plugins")).resolve("bad.jar"));
        return Plugins.open(
                PluginSettings.of(temp.resolve("plugins"), temp.resolve("data")).withClock(clock));
    }

    /** Loads, uses and unloads it once; everything of the plugin was in this frame only. */
    private static void cycle(Bad bad, Plugins plugins) throws Exception {
        Artefact artefact = plugins.catalogue().artefact("filter", "acme/bad", null);
        LoadedArtefact loaded = plugins.acquire(artefact);
        try {
            FilterFactory<?> factory = loaded.factory("acme/bad");
            Filter filter = loaded.call("creating", () -> factory.create(null, null));
            FutureTask<Boolean> exchange = new FutureTask<>(() -> {
                filter.handle(null, null);
                return true;
            });
            if (bad.pool()) {
                SHARED.submit(exchange);
            } else {
                Thread thread = Thread.ofVirtual().unstarted(exchange);
                thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
                thread.start();
            }
            exchange.get();
            loaded.call("closing", () -> {
                filter.close();
                return true;
            });
        } finally {
            plugins.release(loaded);
        }
    }

    private static LoaderReport.Plugin collected(Plugins plugins) {
        System.gc();
        plugins.look();
        return plugins.report().plugins().getFirst();
    }

    private static List<Finding> findings(LoaderReport.Plugin plugin) {
        return plugin.findings().stream().map(LoaderReport.Noted::finding).toList();
    }

    @ParameterizedTest
    @MethodSource
    void healed(Bad bad) throws Exception {
        try (Plugins plugins = open(bad)) {
            for (int i = 0; i < SWAPS; i++) {
                cycle(bad, plugins);
            }
            clock.advance(LeakWatch.PATIENCE.plusSeconds(1));

            await().atMost(PATIENCE)
                    .until(() -> collected(plugins).unreclaimed().isEmpty());

            LoaderReport.Plugin report = collected(plugins);
            assertThat(report.retired()).isEqualTo(SWAPS);
            assertThat(findings(report)).isNotEmpty().allSatisfy(finding -> {
                assertThat(finding.kind()).isEqualTo(bad.kind());
                assertThat(finding.healed()).isTrue();
                assertThat(finding.toString())
                        .startsWith("bad 1.0.0 left ")
                        .contains(bad.what())
                        .endsWith(bad.kind().mend());
            });
            assertThat(report.counts()).containsOnlyKeys(bad.kind());
        }
    }

    @ParameterizedTest
    @MethodSource
    void unhealed(Bad bad) throws Exception {
        try (Plugins plugins = open(bad)) {
            for (int i = 0; i < SWAPS; i++) {
                cycle(bad, plugins);
            }
            clock.advance(LeakWatch.PATIENCE.plusSeconds(1));

            await().atMost(PATIENCE).until(() -> collected(plugins).leaked() == SWAPS);
            plugins.look();

            LoaderReport.Plugin report = collected(plugins);
            assertThat(findings(report)).isNotEmpty().allSatisfy(finding -> {
                assertThat(finding.kind()).isEqualTo(bad.kind());
                assertThat(finding.healed()).isFalse();
                assertThat(finding.toString()).contains(bad.what());
            });
        }
    }

    @ParameterizedTest
    @MethodSource
    void good(Bad good) throws Exception {
        try (Plugins plugins = open(good)) {
            for (int i = 0; i < SWAPS; i++) {
                cycle(good, plugins);
            }

            await().atMost(PATIENCE)
                    .until(() -> collected(plugins).unreclaimed().isEmpty());

            assertThat(findings(collected(plugins))).isEmpty();
        }
    }

    @Test
    void heapDumpShowsThePathToWhatNothingElseFinds() throws Exception {
        Bad bad = unhealed().toList().getLast();
        try (Plugins plugins = open(bad)) {
            cycle(bad, plugins);

            List<HeapPath> paths = plugins.heapPaths();

            // Other tests in this process have left their own.
            assertThat(paths).anySatisfy(path -> {
                assertThat(path.plugin()).isEqualTo("bad 1.0.0");
                assertThat(path.path()).anyMatch(step -> step.startsWith("x.Bad"));
                assertThat(path.path().getLast()).endsWith(".ArtefactClassLoader");
                assertThat(path.mend()).isEqualTo(Kind.DELAYED_TASK.mend());
            });
            try (Stream<Path> left = Files.list(temp.resolve("data"))) {
                assertThat(left.filter(file -> file.getFileName().toString().startsWith("heap-")))
                        .isEmpty();
            }
        }
    }
}
