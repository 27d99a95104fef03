package dev.sallyport.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadedArtefactTest {

    @TempDir
    Path temp;

    private Plugins plugins;

    @AfterEach
    void close() {
        if (plugins != null) {
            plugins.close();
        }
    }

    private Plugins open(PluginJar... jars) throws Exception {
        return open(Duration.ofSeconds(10), jars);
    }

    private Plugins open(Duration limit, PluginJar... jars) throws Exception {
        Path inbox = Files.createDirectories(temp.resolve("plugins"));
        for (int i = 0; i < jars.length; i++) {
            jars[i].build(inbox.resolve(i + ".jar"));
        }
        plugins = Plugins.open(PluginSettings.of(inbox, temp.resolve("data"))
                .withWritable(true)
                .withLimit(limit));
        assertThat(plugins.catalogue().refused()).isEmpty();
        return plugins;
    }

    private LoadedArtefact load(String type, String version) throws PluginException {
        Artefact artefact = plugins.catalogue().artefact("filter", type, version);
        assertThat(artefact).isNotNull();
        return plugins.acquire(artefact);
    }

    /** Calls {@code create} without settings, as no factory of these tests reads them. */
    private static Filter create(LoadedArtefact loaded, String type) throws PluginException {
        FilterFactory<?> factory = loaded.factory(type);
        return loaded.call("creating " + type, () -> factory.create(null, null));
    }

    private static String header(Filter filter, String name) throws Exception {
        return filter.handle(null, null).headers().get(name);
    }

    @Test
    void runsTwoVersionsWithTheSameClassNamesSideBySide() throws Exception {
        open(PluginJar.stamp("stamp", "1.0.0"), PluginJar.stamp("stamp", "2.0.0"));

        LoadedArtefact one = load("acme/stamp", "^1");
        LoadedArtefact two = load("acme/stamp", "^2");

        assertThat(header(create(one, "acme/stamp"), "x-version")).isEqualTo("1.0.0");
        assertThat(header(create(two, "acme/stamp"), "x-version")).isEqualTo("2.0.0");
        assertThat(one.factory("acme/stamp").getClass())
                .isNotSameAs(two.factory("acme/stamp").getClass());
        assertThat(one.factory("acme/stamp")).isSameAs(one.factory("acme/stamp"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.eclipse.jetty.server.Server",
                "tools.jackson.databind.ObjectMapper",
                "dev.sallyport.kernel.plugin.Plugins",
                "dev.sallyport.api.processor.ExtensionProcessor",
                "org.pf4j.Plugin",
                "org.pf4j.PluginManager",
                "com.github.zafarkhaja.semver.Version",
                "org.junit.jupiter.api.Test",
            })
    void hidesTheGatewaysClasses(String className) throws Exception {
        open(PluginJar.stamp("stamp", "1.0.0"));
        ClassLoader loader =
                load("acme/stamp", null).factory("acme/stamp").getClass().getClassLoader();

        assertThatThrownBy(() -> loader.loadClass(className)).isInstanceOf(ClassNotFoundException.class);
        assertThat(loader.getResource(className.replace('.', '/') + ".class")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.sallyport.api.Filter",
                "dev.sallyport.api.config.Doc",
                "org.pf4j.Extension",
                "org.pf4j.ExtensionPoint",
                "org.slf4j.Logger",
                "org.slf4j.spi.LoggingEventBuilder",
            })
    void sharesTheApi(String className) throws Exception {
        open(PluginJar.stamp("stamp", "1.0.0"));
        ClassLoader loader =
                load("acme/stamp", null).factory("acme/stamp").getClass().getClassLoader();

        assertThat(loader.loadClass(className)).isSameAs(Class.forName(className));
    }

    @Test
    void showsTheWholeJdkAndItsOwnResourcesFirst() throws Exception {
        open(PluginJar.stamp("stamp", "1.0.0")
                .file("META-INF/services/x", "own")
                .file("log.properties", "a=b"));
        ClassLoader loader =
                load("acme/stamp", null).factory("acme/stamp").getClass().getClassLoader();

        assertThat(loader.loadClass("java.sql.Driver")).isNotNull();
        assertThat(loader.loadClass("java.net.http.HttpClient")).isNotNull();
        assertThat(loader.getResource("log.properties")).isNotNull();
        assertThat(loader.resources("META-INF/services/x")).hasSize(1);
        assertThat(loader.resources("META-INF/MANIFEST.MF")).hasSize(1);
    }

    @Test
    void prefersTheGatewaysApiToACopyInTheJar() throws Exception {
        byte[] foreign;
        try (var in = Filter.class.getResourceAsStream("Filter.class")) {
            foreign = in.readAllBytes();
        }
        open(PluginJar.stamp("stamp", "1.0.0").bytes("dev/sallyport/api/Filter.class", foreign));

        Filter filter = create(load("acme/stamp", null), "acme/stamp");

        assertThat(header(filter, "x-version")).isEqualTo("1.0.0");
    }

    @Test
    void findsTheRecordOfTheSettings() throws Exception {
        open(PluginJar.stamp("stamp", "1.0.0")
                .extension("filter", "acme/deep", "x.Deep")
                .source("x.Base", """
                    package x;
                    import dev.sallyport.api.*;
                    public abstract class Base<T, C extends Record> implements FilterFactory<C> {}\
                    """)
                .source("x.Deep", """
                    package x;
                    import dev.sallyport.api.*;
                    public final class Deep extends Base<String, Deep.Settings> {
                        public record Settings(int size) {}
                        public Filter create(Settings settings, FilterContext context) { return null; }
                    }\
                    """)
                .extension("filter", "acme/raw", "x.Raw")
                .source("x.Raw", """
                    package x;
                    import dev.sallyport.api.*;
                    @SuppressWarnings("rawtypes")
                    public final class Raw implements FilterFactory {
                        public Filter create(Record settings, FilterContext context) { return null; }
                    }\
                    """)
                .extension("credential", "acme/key", "x.Key")
                .source("x.Key", """
                    package x;
                    public final class Key implements dev.sallyport.api.CredentialType<Key.Hash> {
                        public record Hash(String hash) {}
                    }\
                    """));

        LoadedArtefact loaded = load("acme/stamp", null);

        assertThat(loaded.configRecord("acme/stamp").getName()).isEqualTo("x.Stamp$Config");
        assertThat(loaded.configRecord("acme/deep").getName()).isEqualTo("x.Deep$Settings");
        assertThat(loaded.credentialRecord("acme/key").getName()).isEqualTo("x.Key$Hash");
        assertThatThrownBy(() -> loaded.configRecord("acme/raw"))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining(
                        "x.Raw does not say which record it takes (expected: implements FilterFactory<TheRecord>)");
        assertThatThrownBy(() -> loaded.credentialRecord("acme/stamp"))
                .hasMessage("stamp 1.0.0 offers no credential type acme/stamp");
    }

    @Test
    void setsTheContextClassLoaderOnEachCall() throws Exception {
        open(PluginJar.of("stamp", "1.0.0")
                .filter(
                        "acme/stamp",
                        "x.Stamp",
                        "return Thread.currentThread().getContextClassLoader() == getClass().getClassLoader()"
                                + " && seen == getClass().getClassLoader() ? (request, next) -> null : null;",
                        "private final ClassLoader seen = Thread.currentThread().getContextClassLoader();"));

        assertThat(create(load("acme/stamp", null), "acme/stamp")).isNotNull();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "an exception          | throw new IllegalStateException(\"no disk\")              |"
                        + " IllegalStateException: no disk (at x.Stamp.create(Stamp.java:8))",
                "a class of its own    | throw new Boom()                                          | Boom: of my own"
                        + " (at x.Stamp.create(Stamp.java:8))",
                "a message that throws | throw new Rude()                                          | Rude",
                "deep recursion        | return create(config, context)                            |"
                        + " StackOverflowError (at x.Stamp.create(Stamp.java:8))",
                "a missing class       | org.pf4j.Plugin p = new org.pf4j.Plugin(); return null    |"
                        + " NoClassDefFoundError: org/pf4j/Plugin (at x.Stamp.create(Stamp.java:8)); its jar must hold"
                        + " every class that it needs, besides the plugin API's",
            })
    void turnsFailuresIntoOneSentence(String what, String body, String sentence) throws Exception {
        open(PluginJar.of("stamp", "1.0.0")
                .filter(
                        "acme/stamp",
                        "x.Stamp",
                        "if (config == null) { " + body + "; } return null;",
                        "public static class Boom extends RuntimeException { public Boom() { super(\"of my"
                                + " own\"); } } public static class Rude extends RuntimeException { public String"
                                + " getMessage() { throw new Error(); } }"));
        LoadedArtefact loaded = load("acme/stamp", null);

        assertThatThrownBy(() -> create(loaded, "acme/stamp"))
                .isInstanceOf(PluginException.class)
                .hasNoCause()
                .message()
                .satisfies(message -> assertThat(message.replaceAll("Stamp.java:\\d+", "Stamp.java:8"))
                        .isEqualTo("stamp 1.0.0: creating acme/stamp failed: " + sentence));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a constructor that throws | public Stamp() { throw new IllegalStateException(\"not today\"); } |"
                        + " IllegalStateException: not today (at x.Stamp.<init>(Stamp.java:0))",
                "a constructor with a need | public Stamp(String need) {}                                      |"
                        + " NoSuchMethodException: x.Stamp.<init>()",
                "a static that throws      | static final int N = Integer.parseInt(\"x\");                      |"
                        + " NumberFormatException: For input string: \"x\" (at x.Stamp.<clinit>(Stamp.java:0))",
            })
    void saysWhyAFactoryCannotBeMadeAndTriesItOnce(String what, String members, String sentence) throws Exception {
        open(PluginJar.of("stamp", "1.0.0").filter("acme/stamp", "x.Stamp", "return null;", members));
        LoadedArtefact loaded = load("acme/stamp", null);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> loaded.factory("acme/stamp"))
                    .isInstanceOf(PluginException.class)
                    .hasNoCause()
                    .message()
                    .satisfies(message -> assertThat(message.replaceAll("Stamp.java:\\d+", "Stamp.java:0"))
                            .isEqualTo("stamp 1.0.0: making the factory of acme/stamp failed: " + sentence));
        }
    }

    @Test
    void refusesAClassThatIsNoFactory() throws Exception {
        open(PluginJar.of("stamp", "1.0.0")
                .extension("filter", "acme/stamp", "x.Stamp")
                .source("x.Stamp", "package x; public class Stamp {}"));
        LoadedArtefact loaded = load("acme/stamp", null);

        assertThatThrownBy(() -> loaded.factory("acme/stamp"))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("x.Stamp is no FilterFactory");
    }

    @Test
    void passesOnWhatIsWrongWithTheSettingsAsACopy() throws Exception {
        open(PluginJar.of("stamp", "1.0.0")
                .filter("acme/stamp", "x.Stamp", "throw new ConfigException(\"header\", \"'' (expected: a name)\");"));
        LoadedArtefact loaded = load("acme/stamp", null);

        assertThatThrownBy(() -> create(loaded, "acme/stamp")).isInstanceOfSatisfying(ConfigException.class, e -> {
            assertThat(e.key()).isEqualTo("header");
            assertThat(e.reason()).isEqualTo("'' (expected: a name)");
            assertThat(e.getStackTrace())
                    .noneMatch(frame -> frame.getClassName().startsWith("x."));
        });
    }

    @Test
    void passesOnOneLineOfALongMessage() throws Exception {
        open(PluginJar.of("stamp", "1.0.0")
                .filter("acme/stamp", "x.Stamp", "throw new Error(\"many\\n lines \" + \"x\".repeat(10_000));"));
        LoadedArtefact loaded = load("acme/stamp", null);

        assertThatThrownBy(() -> create(loaded, "acme/stamp"))
                .message()
                .contains("Error: many lines xxx")
                .contains("x… (at x.Stamp.create")
                .hasSizeLessThan(700);
    }

    @Test
    void endsACallAtItsLimitAndClosesWhatComesLate() throws Exception {
        open(Duration.ofMillis(100), PluginJar.stamp("stamp", "1.0.0"));
        LoadedArtefact loaded = load("acme/stamp", null);
        CountDownLatch closed = new CountDownLatch(1);

        assertThatThrownBy(() -> loaded.call("creating", () -> {
                    CountDownLatch never = new CountDownLatch(1);
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        // The limit's interrupt; this plugin answers all the same.
                    }
                    return (AutoCloseable) closed::countDown;
                }))
                .isInstanceOf(PluginException.class)
                .hasMessage("stamp 1.0.0: creating failed: it took longer than 100 ms");

        closed.await();
    }

    @Test
    void doesNotDisturbTheNextCallByOneThatWasCutOff() throws Exception {
        open(Duration.ofMillis(100), PluginJar.stamp("stamp", "1.0.0"));
        LoadedArtefact loaded = load("acme/stamp", null);
        CountDownLatch end = new CountDownLatch(1);

        assertThatThrownBy(() -> loaded.call("hanging", () -> {
                    while (true) {
                        try {
                            end.await();
                            return true;
                        } catch (InterruptedException deaf) {
                            // goes on
                        }
                    }
                }))
                .hasMessage("stamp 1.0.0: hanging failed: it took longer than 100 ms");
        boolean interrupted = loaded.call("answering", Thread::interrupted);
        end.countDown();

        assertThat(interrupted).isFalse();
    }

    @Test
    void endsItsThreads() throws Exception {
        open(PluginJar.stamp("stamp", "1.0.0"));
        LoadedArtefact loaded = load("acme/stamp", null);

        Thread first = loaded.call("answering", Thread::currentThread);
        plugins.release(loaded);

        first.join();
        assertThat(first.getContextClassLoader()).isNotInstanceOf(ArtefactClassLoader.class);
    }

    @Test
    void countsItsUsers() throws Exception {
        open(PluginJar.stamp("stamp", "1.0.0"));
        LoadedArtefact first = load("acme/stamp", null);
        LoadedArtefact second = load("acme/stamp", null);
        assertThat(second).isSameAs(first);

        plugins.release(first);
        assertThat(first.factory("acme/stamp")).isNotNull();

        plugins.release(second);
        assertThatThrownBy(() -> first.factory("acme/stamp")).hasMessage("stamp 1.0.0 is unloaded");
        assertThatThrownBy(() -> plugins.release(first)).isInstanceOf(IllegalStateException.class);
        assertThat(load("acme/stamp", null)).isNotSameAs(first);
    }

    @Test
    void loadsFromTheStoreAfterTheDroppedFileIsGone() throws Exception {
        open(PluginJar.stamp("stamp", "1.0.0"));
        Files.delete(temp.resolve("plugins/0.jar"));

        assertThat(header(create(load("acme/stamp", null), "acme/stamp"), "x-version"))
                .isEqualTo("1.0.0");
    }

    @Test
    void saysThatItCannotBeLoadedWithoutItsCopy() throws Exception {
        open(PluginJar.stamp("stamp", "1.0.0"));
        Artefact artefact = plugins.catalogue().artefact("filter", "acme/stamp", null);
        Files.delete(artefact.path());

        assertThatThrownBy(() -> plugins.acquire(artefact))
                .isInstanceOf(PluginException.class)
                .hasMessageStartingWith("stamp 1.0.0 cannot be loaded: ");
    }
}
