package dev.sallyport.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BinderTest {

    private static final Path FOLDER = Path.of("/etc/gw");
    private static final String ALL = """
        text: 010
        bool: true
        whole: -7
        big: 5
        number: 1.25
        time: 90s
        size: 2KiB
        rate: 5/10s
        secret: plain
        expression: header.x-key
        uri: https://example.com/a?b=c
        path: keys/a.pem
        date: 2027-01-31
        unit: perRoute
        block: 10.0.0.0/8
        record: {set: {a: b}, remove: [c]}
        list: [1, 2]
        set: [h2c, per-target]
        map: {a: 1d, b: 5ms}
        free: {t: text, q: "1", n: 1, d: 1.5, b: true, z: null, l: [1, {a: b}], v: 1.10.0, o: 010}
        choice: {cookie: {name: sid2}}
        parts: http://a
        before: old
        needed: 3
        """;

    private final List<ConfigProblem> problems = new ArrayList<>();

    @Test
    void bindsEachType() throws Exception {
        try (URLClassLoader loader = SamplePlugin.loader()) {
            Record bound = bind(loader, "All", ALL);

            assertThat(bound)
                    .asString()
                    .isEqualTo("All[text=010, bool=true, maybe=null, whole=-7, big=5, number=1.25, time=PT1M30S,"
                            + " size=2KiB, rate=5/10s, secret=***, expression=header.x-key,"
                            + " uri=https://example.com/a?b=c, path=/etc/gw/conf.d/keys/a.pem, date=2027-01-31,"
                            + " unit=PER_ROUTE, block=Block[text=10.0.0.0/8], record=Edit[set={a=b}, add={},"
                            + " remove=[c], rename={}], list=[1, 2], set=[H2C, PER_TARGET], map={a=PT24H,"
                            + " b=PT0.005S}, free={t=text, q=1, n=1, d=1.5, b=true, z=null, l=[1, {a=b}],"
                            + " v=1.10.0, o=010}, choice=Cookie[name=sid2, secure=false],"
                            + " parts=[Part[url=http://a, weight=1]], after=old, needed=3]");
            assertThat(problems.stream().map(Folder::text))
                    .containsExactlyInAnyOrder(
                            "lint conf.d/x.yaml:9:9 k.secret: a secret in plain text (expected: ${env:NAME} or"
                                    + " ${file:path}); move it out of this file [plain-secret]",
                            "lint conf.d/x.yaml:23:1 k.before: an old name (expected: after); rename it [old-key]");
        }
    }

    @Test
    void bindsDefaults() throws Exception {
        try (URLClassLoader loader = SamplePlugin.loader()) {
            Record bound = bind(loader, "Defaults", "{}");

            assertThat(bound)
                    .asString()
                    .isEqualTo("Defaults[text=x y: [z], bool=true, whole=-3, number=1.5, time=PT5M, size=1MiB,"
                            + " unit=PER_ROUTE, record=Edit[set={}, add={}, remove=[], rename={}], list=[1, 2],"
                            + " map={a=PT1S, b c=PT2S}, choice=Nowhere[], other=Cookie[name=sid, secure=true],"
                            + " empty=, none=null, nothing=[], nobody={}, off=false]");
            assertThat(problems).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text: a",
                "text: [a]",
                "bool: yes",
                "whole: 1.5",
                "whole: '1'",
                "whole: 3000000000",
                "big: 6",
                "big: -6",
                "number: x",
                "number: NaN",
                "time: 5",
                "time: 1ms",
                "size: 1KB",
                "size: 3KiB",
                "rate: 0/s",
                "expression: x",
                "uri: 'a b'",
                "date: 31.1.2027",
                "unit: PER_ROUTE",
                "unit: per-route",
                "record: a",
                "record: {sett: {}}",
                "list: []",
                "list: 1",
                "list: [a]",
                "set: [h2c, h2c]",
                "set: [h2]",
                "map: [a]",
                "map: {a: b}",
                "free: a",
                "choice: nowhere",
                "choice: header",
                "choice: {header: x}",
                "choice: {header: {name: x}}",
                "choice: {header: {}}",
                "choice: {nowhere: x}",
                "choice: {query: [a]}",
                "choice: {}",
                "parts: [{url: http://a, weight: 0}, http://b]",
                "parts: {url: http://a}",
                "parts: {weight: 2}",
                "parts: []",
                "must: 4",
                "needed:",
                "after: x",
                "other: 1",
                "maybe: null",
                "text: null"
            })
    void judgesBySchemaAsItBinds(String change) throws Exception {
        String key = change.substring(0, change.indexOf(':'));
        StringBuilder text = new StringBuilder();
        ALL.lines()
                .filter(line -> !line.startsWith(key + ":"))
                .forEach(line -> text.append(line).append('\n'));
        ConfigNode node = parse(text + change);
        SamplePlugin plugin = new SamplePlugin();
        List<ConfigProblem> judged = new ArrayList<>();

        boolean valid = new Binder()
                .judge(
                        node,
                        Objects.requireNonNull(plugin.find("filter", "acme/all", null))
                                .schema(),
                        "k",
                        FOLDER,
                        judged::add);

        try (URLClassLoader loader = SamplePlugin.loader()) {
            Record bound = new Binder().bind(node, SamplePlugin.record(loader, "All"), "k", FOLDER, problems::add);
            assertThat(judged).isEqualTo(problems);
            assertThat(valid).isEqualTo(bound != null);
        }
    }

    @Test
    void namesTheKeyThatAConstructorRefuses() throws Exception {
        try (URLClassLoader loader = SamplePlugin.loader()) {
            Record bound = bind(loader, "All", ALL.replace("text: 010", "text: bad"));

            assertThat(bound).isNull();
            assertThat(errors()).containsExactly("conf.d/x.yaml:16:15 k.record.set: nothing (expected: more); add it");
        }
    }

    @Test
    void survivesAConstructorThatThrowsAnythingAndHidesSecrets() throws Exception {
        try (URLClassLoader loader = SamplePlugin.loader()) {
            String text = ALL.replace("text: 010", "text: worse").replace("secret: plain", "secret: ${env:S}");
            List<ConfigProblem> none = new ArrayList<>();
            ConfigNode node = new References(
                            FOLDER, List.of(), null, name -> "hidden", new HashSet<>(), null, none::add)
                    .resolve(parse(text));

            Record bound = new Binder().bind(node, SamplePlugin.record(loader, "All"), "k", FOLDER, problems::add);

            assertThat(bound).isNull();
            assertThat(errors())
                    .containsExactly(
                            "conf.d/x.yaml:1:1 k: refused by its own check: java.lang.IllegalStateException: no"
                                    + " ${env:S}");
        }
    }

    @Test
    void refusesWhatIsGivenUnderBothNames() throws Exception {
        try (URLClassLoader loader = SamplePlugin.loader()) {
            bind(loader, "All", ALL + "after: new\n");

            assertThat(errors())
                    .containsExactly(
                            "conf.d/x.yaml:23:1 k.before: given beside after, its new name (expected: one of them);"
                                    + " remove this one");
        }
    }

    @Test
    void keepsNoClassOfAPlugin() throws Exception {
        WeakReference<ClassLoader> loader = bindAndForget();

        await().untilAsserted(() -> {
            System.gc();
            assertThat(loader.get()).isNull();
        });
    }

    private WeakReference<ClassLoader> bindAndForget() throws Exception {
        try (URLClassLoader loader = SamplePlugin.loader()) {
            assertThat(bind(loader, "All", ALL)).isNotNull();
            assertThat(bind(loader, "All", ALL.replace("010", "bad"))).isNull();
            return new WeakReference<>(loader);
        }
    }

    private List<String> errors() {
        return problems.stream()
                .filter(problem -> problem.severity() == ConfigProblem.Severity.ERROR)
                .map(ConfigProblem::toString)
                .toList();
    }

    private @Nullable Record bind(ClassLoader loader, String name, String text) throws Exception {
        return new Binder().bind(parse(text), SamplePlugin.record(loader, name), "k", FOLDER, problems::add);
    }

    private static ConfigNode parse(String text) {
        return Objects.requireNonNull(new YamlText("conf.d/x.yaml", problem -> {
                    throw new AssertionError(problem);
                })
                .parse(text));
    }
}
