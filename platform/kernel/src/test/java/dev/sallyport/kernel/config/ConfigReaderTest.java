package dev.sallyport.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigReaderTest {

    @TempDir
    Path home;

    private Folder folder;

    @BeforeEach
    void makeFolder() {
        folder = new Folder(home);
    }

    @Test
    void readsTheWholeVocabulary() throws IOException {
        folder.main(sample());

        Reading reading = folder.read();

        assertThat(Folder.texts(reading)).isEmpty();
        ResolvedConfig config = Objects.requireNonNull(reading.config());
        ListenerConfig web = config.config().listeners().getFirst();
        assertThat(web.address()).isEqualTo(new Address("127.0.0.1", 8080));
        assertThat(web.place()).isEqualTo(new Place("gateway.yaml", 3, 5));
        assertThat(web.protocols()).containsExactly(ListenerConfig.Protocol.HTTP1, ListenerConfig.Protocol.H2C);
        assertThat(config.config().log().levels()).containsEntry("rate-limit", GatewayConfig.Level.DEBUG);
        assertThat(config.config().include().getLast().onError()).isEqualTo(GatewayConfig.IncludeError.KEEP_LAST);
        assertThat(config.upstreams().get("orders").targets())
                .extracting(UpstreamConfig.Target::url, UpstreamConfig.Target::weight)
                .containsExactly(
                        tuple(URI.create("http://127.0.0.1:9001"), 1), tuple(URI.create("http://127.0.0.1:9002"), 2));
        assertThat(ids(config.before())).containsExactly("access-log");
        assertThat(ids(config.upstreamSteps().get("orders"))).containsExactly("circuit-breaker");
        ResolvedRoute orders = config.routes().getFirst();
        assertThat(ids(orders.steps())).containsExactly("ip-list", "rate-limit", "headers", "headers-2");
        assertThat(orders.told()).isEqualTo("orders");
        assertThat(orders.steps().get(2).when()).hasSize(1);
        assertThat(orders.steps().getFirst().context()).isEqualTo("route orders");
    }

    @Test
    void makesAnUpstreamOfAUrlAndKeepsItsSecretsOut() throws IOException {
        folder.main(sample());

        ResolvedConfig config = Objects.requireNonNull(folder.read().config());

        ResolvedRoute direct = config.routes().get(1);
        assertThat(direct.told()).isEqualTo("http://127.0.0.1:${env:PORT}");
        assertThat(config.upstreams().get(direct.told()).targets().getFirst().url())
                .isEqualTo(URI.create("http://127.0.0.1:9001"));
        assertThat(Objects.requireNonNull(direct.route().timeouts()).idle()).isEqualTo(Duration.ofMinutes(5));
        assertThat(ids(direct.steps())).containsExactly("ip-list", "rate-limit", "auth");
    }

    @Test
    void hasADefaultForAllButListeners() {
        folder.main("");

        GatewayConfig config = Objects.requireNonNull(folder.read().config()).config();

        assertThat(config.version()).isEqualTo(1);
        assertThat(config.admin().address()).hasToString("127.0.0.1:9901");
        assertThat(config.status().address()).hasToString("127.0.0.1:9902");
        assertThat(config.requestId())
                .isEqualTo(new GatewayConfig.RequestId("x-request-id", GatewayConfig.Inbound.TRUSTED));
        assertThat(config.log())
                .isEqualTo(new GatewayConfig.Log(
                        GatewayConfig.Level.INFO, GatewayConfig.LogFormat.TEXT, "stderr", Map.of(), null));
        assertThat(config.folders())
                .isEqualTo(new GatewayConfig.Folders("plugins", "scripts", "data", GatewayConfig.Writable.REFUSED));
        assertThat(config.routes()).isEmpty();
    }

    @Test
    void readsJson() {
        ConfigReader reader = new ConfigReader(home.resolve("conf/gateway.json"), home, folder.variables::get);
        folder.write(
                "conf/gateway.json",
                "{\n\t\"listeners\": [{\"name\": \"web\", \"address\": \"127.0.0.1:0\"}],\n\t\"routes\": [\n\t\t"
                        + "{\"name\": \"a\", \"upstream\": \"http:\\/\\/127.0.0.1:1\"}\n\t]\n}\n");

        Reading reading = reader.read(new SamplePlugin(), ConfigReader.Options.STRICT);

        assertThat(Folder.texts(reading)).isEmpty();
        assertThat(Objects.requireNonNull(reading.config()).routes()).hasSize(1);
    }

    @Test
    void followsAnchors() {
        folder.main("""
            chains: {a: &steps [{cors: {}}, {headers: &edit {request: {remove: [x]}}}], b: *steps}
            routes: [{name: r, plugins: [{use: a}, {use: b}, {headers: *edit}], upstream: "http://127.0.0.1:1"}]
            """);

        Reading reading = folder.read();

        assertThat(Folder.texts(reading)).isEmpty();
        assertThat(ids(Objects.requireNonNull(reading.config())
                        .routes()
                        .getFirst()
                        .steps()))
                .containsExactly("cors", "headers", "cors-2", "headers-2", "headers-3");
    }

    @Test
    void joinsConditionsOfChainsAndSteps() {
        folder.main("""
            chains:
              in: [{cors: {}, when: {methods: [GET]}}]
              out: [{use: in, when: [{paths: [/a]}, {paths: [/b]}]}]
            routes: [{name: r, plugins: [{use: out}], upstream: "http://127.0.0.1:1"}]
            """);

        ResolvedConfig config = Objects.requireNonNull(folder.read().config());

        ResolvedRoute.ResolvedStep step = config.routes().getFirst().steps().getFirst();
        assertThat(step.when()).hasSize(2);
        assertThat(step.when().getFirst()).hasSize(2);
        assertThat(step.when().getLast().getFirst().methods()).containsExactly("GET");
    }

    @Test
    void givesIdsThatDoNotDependOnWhatIsOffOrSkipped() {
        folder.main("""
            defaults: {plugins: [{cors: {}}, {cors: {}, mode: off}]}
            routes:
              - {name: a, plugins: [{cors: {}}, {headers: {}, id: cors-4}, {cors: {}}], upstream: "http://127.0.0.1:1"}
              - {name: b, plugins: [{cors: {}}], skip: [cors], upstream: "http://127.0.0.1:1"}
            """);

        ResolvedConfig config = Objects.requireNonNull(folder.read().config());

        assertThat(ids(config.routes().get(0).steps())).containsExactly("cors", "cors-3", "cors-4", "cors-5");
        assertThat(ids(config.routes().get(1).steps())).containsExactly("cors-3");
    }

    @Test
    void resolvesReferencesAndKeepsThemOutOfSight() {
        folder.write("secrets/key", "of-file\n").variables.put("EMPTY", "");
        folder.main("""
            routes:
              - name: r
                plugins:
                  - respond: {body: "a ${env:SECRET} ${env:NONE:-b:-c} ${file:../secrets/key}$${x}${env:EMPTY}"}
            """);

        ResolvedConfig config = Objects.requireNonNull(folder.read().config());

        Step.Configured step = config.routes().getFirst().steps().getFirst().step();
        ConfigNode.Scalar body = (ConfigNode.Scalar) Objects.requireNonNull(Sources.find(step.config(), "body"));
        assertThat(body.text()).isEqualTo("a s3cr3t-value b:-c of-file${x}");
        assertThat(body.isTainted()).isTrue();
        assertThat(config.toString()).doesNotContain("s3cr3t").doesNotContain("of-file");
    }

    @Test
    void showsReferencesInWhateverIsToldOfTargetsAndMatches() {
        folder.variables.put("TARGET_HOST", "orders.internal");
        folder.main("""
            upstreams: {u: {targets: ["http://${env:TARGET_HOST}:80"]}}
            routes:
              - {name: r, match: {headers: {x-key: "${env:SECRET}"}}, upstream: u}
            """);

        ResolvedConfig config = Objects.requireNonNull(folder.read().config());

        assertThat(config.shown("http://orders.internal:80")).isEqualTo("http://${env:TARGET_HOST}:80");
        assertThat(config.shown("s3cr3t-value")).isEqualTo("${env:SECRET}");
        assertThat(config.hide("over http://orders.internal:80, where x-key is s3cr3t-value"))
                .isEqualTo("over http://${env:TARGET_HOST}:80, where x-key is ${env:SECRET}");
        assertThat(config.hide("the host orders.internal")).isEqualTo("the host …");
    }

    @Test
    void neverReadsTheFoldersOfConfigurationAndStateThroughLinks() throws IOException {
        folder.write("data/admin.token", "t0ken").write("conf/near", "n3ar").write("secrets/plain", "fine");
        Path secrets = folder.home.resolve("secrets");
        Files.createSymbolicLink(secrets.resolve("token"), folder.home.resolve("data/admin.token"));
        Files.createSymbolicLink(secrets.resolve("relative"), Path.of("../data/admin.token"));
        Files.createSymbolicLink(secrets.resolve("state"), folder.home.resolve("data"));
        Files.createSymbolicLink(secrets.resolve("near"), folder.home.resolve("conf"));
        Files.createSymbolicLink(secrets.resolve("home"), folder.home);
        Files.createSymbolicLink(secrets.resolve("again"), secrets.resolve("token"));
        Files.createSymbolicLink(secrets.resolve("allowed"), secrets.resolve("plain"));
        List<String> ways = List.of(
                "../secrets/token",
                "../secrets/relative",
                "../secrets/again",
                "../secrets/state/admin.token",
                "../secrets/home/data/admin.token",
                "../secrets/home/secrets/token",
                "../secrets/near/near",
                "../secrets/near/gateway.yaml",
                secrets.toRealPath().resolve("token").toString());
        for (String way : ways) {
            folder.main("routes: [{name: r, plugins: [{respond: {body: \"${file:" + way + "}\"}}]}]");

            assertThat(Folder.texts(folder.read()))
                    .as(way)
                    .singleElement(STRING)
                    .contains("${file:" + way + "} (expected: a file outside of ")
                    .doesNotContain("t0ken")
                    .doesNotContain("n3ar");
        }

        folder.main("routes: [{name: r, plugins: [{respond: {body: \"${file:../secrets/allowed}\"}}]}]");

        assertThat(Folder.texts(folder.read())).isEmpty();
    }

    @Test
    void neverReadsTheStateOfAnInstallationThatIsALinkItself() throws IOException {
        Path real = Files.createDirectory(home.resolve("real"));
        Path link = Files.createSymbolicLink(home.resolve("link"), real);
        Folder linked = new Folder(link);
        linked.write("data/admin.token", "t0ken");
        for (Path way : List.of(real, link, real.toRealPath())) {
            linked.main("routes: [{name: r, plugins: [{respond: {body: \"${file:" + way + "/data/admin.token}\"}}]}]");

            assertThat(Folder.texts(linked.read()))
                    .singleElement(STRING)
                    .contains("(expected: a file outside of ")
                    .doesNotContain("t0ken");
        }
    }

    @Test
    void bindsNumbersThatComeFromTheEnvironment() {
        folder.main("routes: [{name: r, plugins: [{respond: {status: \"${env:STATUS:-204}\"}}]}]");

        assertThat(Folder.texts(folder.read())).isEmpty();
    }

    @Test
    void doesNotFollowALinkIntoItsState() throws IOException {
        folder.write("data/admin.token", "token").write("secrets/x", "x");
        Files.createSymbolicLink(home.resolve("secrets/link"), home.resolve("data/admin.token"));
        folder.main("routes: [{name: r, plugins: [{respond: {body: \"${file:../secrets/link}\"}}]}]");

        Reading reading = folder.read();

        assertThat(reading.config()).isNull();
        assertThat(reading.errors()).singleElement().asString().contains("are never read so");
    }

    @Test
    void namesAllFilesWhoseChangeMatters() {
        folder.write("conf/conf.d/a.yaml", "routes: []").write("secrets/key", "k");
        folder.main("""
            include: [conf.d/*.yaml, none/*.yaml]
            routes: [{name: r, plugins: [{respond: {body: "${file:../secrets/key}"}}]}]
            """);

        Reading reading = folder.read();

        assertThat(reading.files())
                .containsExactlyInAnyOrder(
                        home.resolve("conf/gateway.yaml"),
                        home.resolve("conf/conf.d"),
                        home.resolve("conf/conf.d/a.yaml"),
                        home.resolve("conf/none"),
                        home.resolve("secrets/key"));
    }

    @Test
    void addsIncludesInOrderOfTheirNames() {
        folder.write(
                        "conf/conf.d/b.yaml",
                        "routes: [{name: b, match: {paths: [/b]}, upstream: \"http://127.0.0.1:1\"}]")
                .write("conf/conf.d/a.yaml", "routes: [{name: a, match: {paths: [/a]}, upstream: u}]")
                .write(
                        "conf/conf.d/x/c.yaml",
                        "routes: [{name: c, match: {paths: [/c]}, plugins: [{use: c}], upstream: u}]")
                .write("conf/other.yaml", "upstreams: {u: {targets: [http://127.0.0.1:1]}}");
        folder.main("""
            include: ["conf.d/**.yaml", "*.yaml"]
            chains: {c: [{cors: {}}]}
            routes: [{name: main, upstream: u}]
            """);

        Reading reading = folder.read();

        assertThat(Folder.texts(reading)).isEmpty();
        assertThat(Objects.requireNonNull(reading.config()).routes())
                .extracting(route -> route.route().name())
                .containsExactly("main", "a", "b", "c");
    }

    @Test
    void bindsAnIncludeOnceForAsLongAsItsTextIsTheSame() {
        folder.main("include: [{files: 'teams/*.yaml', secrets: ['env:PORT']}]")
                .write("conf/teams/a.yaml", "routes: [{name: a, upstream: 'http://127.0.0.1:9001'}]")
                .write(
                        "conf/teams/b.yaml",
                        "routes: [{name: b, match: {paths: ['/${env:PORT}']}, upstream: 'http://127.0.0.1:9001'}]");
        List<ResolvedRoute> before = config(folder.read()).routes();

        folder.variables.put("PORT", "9002");
        List<ResolvedRoute> after = config(folder.read()).routes();
        folder.write("conf/teams/a.yaml", "routes: [{name: a2, upstream: 'http://127.0.0.1:9001'}]");
        List<ResolvedRoute> later = config(folder.read()).routes();

        assertThat(after.get(0).route()).isSameAs(before.get(0).route());
        assertThat(after.get(1).route().match().getFirst().paths()).containsExactly("/9002");
        assertThat(later.get(0).route().name()).isEqualTo("a2");
    }

    @Test
    void judgesWhatIncludesHaveInCommonAlsoWhereTheirTextsAreTheSame() {
        folder.main("include: [{files: 'teams/*.yaml', secrets: ['env:PORT']}]")
                .write("conf/teams/a.yaml", "routes: [{name: a, upstream: orders}]")
                .write("conf/teams/b.yaml", "upstreams: {orders: {targets: ['http://127.0.0.1:9001']}}");
        assertThat(Folder.texts(folder.read())).isEmpty();

        folder.write("conf/teams/b.yaml", "routes: [{name: a, upstream: 'http://127.0.0.1:9001'}]");

        assertThat(Folder.texts(folder.read()))
                .anySatisfy(
                        text -> assertThat(text).startsWith("teams/a.yaml:1:30").contains("orders"))
                .anySatisfy(
                        text -> assertThat(text).startsWith("teams/b.yaml:1:17").contains("one name each"));
    }

    @Test
    void judgesTheStepsOfAnIncludeAnewWhereTheCatalogueHasChanged() {
        folder.main("include: [teams/*.yaml]")
                .write("conf/teams/a.yaml", "routes: [{name: a, plugins: [{respond: {}}]}]");
        TypeCatalog catalog = new SamplePlugin();
        Reading before = folder.reader.read(catalog, ConfigReader.Options.STRICT);
        Reading again = folder.reader.read(catalog, ConfigReader.Options.STRICT);

        Reading after = folder.reader.read(NOTHING, ConfigReader.Options.STRICT);

        assertThat(Folder.texts(before)).isEmpty();
        assertThat(Folder.texts(again)).isEmpty();
        assertThat(Folder.texts(after))
                .singleElement()
                .asString()
                .startsWith("teams/a.yaml:1:31")
                .contains("respond (expected: a filter type");
    }

    @Test
    void tellsAgainWhatItHadToTellOfTheStepsOfAnInclude() {
        folder.main("include: [teams/*.yaml]").write("conf/teams/a.yaml", "routes: [{name: a, plugins: [{gone: {}}]}]");
        ConfigReader.Options tolerant = new ConfigReader.Options(true, Set.of());

        Reading before = folder.reader.read(NOTHING, tolerant);
        Reading again = folder.reader.read(NOTHING, tolerant);

        assertThat(Folder.texts(before)).singleElement().asString().contains("gone");
        assertThat(Folder.texts(again)).isEqualTo(Folder.texts(before));
    }

    @Test
    void keepsTheLastGoodContentOfAnInclude() throws IOException {
        team("routes: [{name: shop, plugins: [{respond: {}}]}]");
        folder.reader.keep(folder.read());
        team("routes: [{nam: shop}]");

        Reading reading = folder.read();

        assertThat(names(reading)).containsExactly("main", "shop");
        assertThat(reading.heldBack()).containsExactly("teams/*.yaml");
        assertThat(Folder.texts(reading))
                .containsExactly(
                        "warning gateway.yaml:1:11 include[0]: teams/*.yaml is held back, its last good content serves"
                                + " (expected: no error in it); mend the 2 named in it",
                        "warning teams/shop.yaml:1:10 routes[0].name: missing (expected: text); add name: …",
                        "warning teams/shop.yaml:1:11 routes[0].nam: unknown key (expected: match, maxBody, mirror,"
                                + " name, plugins, skip, timeouts, upstream); did you mean name?");
    }

    @Test
    void hasTheLastGoodContentAfterARestart() throws IOException {
        team("routes: [{name: shop, plugins: [{respond: {}}]}]");
        folder.reader.keep(folder.read());
        team("routes: [{name: 'x}");

        Reading reading = folder.reader().read(new SamplePlugin(), ConfigReader.Options.STRICT);

        assertThat(names(reading)).containsExactly("main", "shop");
        assertThat(reading.heldBack()).containsExactly("teams/*.yaml");
    }

    @Test
    void doesNotTakeForGoodWhatIsHeldBackOrBroken() throws IOException {
        team("routes: [{name: shop, plugins: [{respond: {}}]}]");
        folder.reader.keep(folder.read());
        team("routes: [{nam: shop}]");
        folder.reader.keep(folder.read());

        assertThat(names(folder.read())).containsExactly("main", "shop");
    }

    @Test
    void holdsAnIncludeBackAsAWhole() throws IOException {
        team("routes: [{name: shop, plugins: [{respond: {}}]}]").write("conf/teams/two.yaml", "consumers: [{name: a}]");
        folder.reader.keep(folder.read());
        team("routes: [{name: shop2, plugins: [{respond: {}}]}]").write("conf/teams/two.yaml", "consumers: nonsense");

        Reading reading = folder.read();

        assertThat(names(reading)).containsExactly("main", "shop");
        assertThat(Objects.requireNonNull(reading.config()).config().consumers())
                .hasSize(1);
    }

    @Test
    void refusesTheMixtureWhereTheLastGoodContentNoLongerFits() throws IOException {
        team("routes: [{name: shop, upstream: shared}]");
        folder.main(main() + "upstreams: {shared: {targets: [http://127.0.0.1:1]}}\n");
        folder.reader.keep(folder.read());
        team("routes: [{nam: shop}]");
        folder.main(main());

        Reading reading = folder.read();

        assertThat(reading.config()).isNull();
        assertThat(reading.errors())
                .singleElement()
                .asString()
                .startsWith("teams/shop.yaml:1:33 routes[0].upstream: shared (expected: an upstream");
    }

    @Test
    void leavesOtherErrorsAlone() throws IOException {
        team("routes: [{name: shop, plugins: [{respond: {}}]}]");
        folder.reader.keep(folder.read());
        folder.main(main() + "log: {level: loud}\n");

        Reading reading = folder.read();

        assertThat(reading.config()).isNull();
        assertThat(reading.heldBack()).isEmpty();
    }

    @Test
    void holdsBackWhatIsToldToBeBad() throws IOException {
        team("routes: [{name: shop, plugins: [{respond: {}}]}]");
        folder.reader.keep(folder.read());
        team("routes: [{name: shop2, plugins: [{respond: {}}]}]");

        Reading reading =
                folder.reader.read(new SamplePlugin(), new ConfigReader.Options(false, Set.of("teams/shop.yaml")));

        assertThat(names(reading)).containsExactly("main", "shop");
    }

    @Test
    void keepsAStepWhoseTypeIsMissingWhereThatIsTolerated() {
        folder.main("routes: [{name: r, plugins: [{gone: {a: b}}]}]");

        Reading reading = folder.reader.read(new SamplePlugin(), new ConfigReader.Options(true, Set.of()));

        assertThat(reading.errors()).isEmpty();
        assertThat(reading.problems()).singleElement().asString().contains("gone (expected: a filter type");
        assertThat(ids(Objects.requireNonNull(reading.config())
                        .routes()
                        .getFirst()
                        .steps()))
                .containsExactly("gone");
    }

    @Test
    void knowsTheFoldersOfAFileThatIsBroken() {
        folder.main("folders: {plugins: \"${env:PLUGINS:-jars}\"}\nnonsense: 1");

        assertThat(folder.reader.folders())
                .isEqualTo(new GatewayConfig.Folders("jars", "scripts", "data", GatewayConfig.Writable.REFUSED));
    }

    @Test
    void knowsWhomAFileTrustsThatIsBrokenElsewhere() {
        folder.main("trust: {unsigned: refused}\nnonsense: 1");

        assertThat(folder.reader.trust())
                .isEqualTo(new TrustConfig(TrustConfig.Unsigned.REFUSED, List.of(), List.of()));
    }

    @Test
    void neverTakesWrongTrustForNone() {
        folder.main("version: 1");
        assertThat(folder.reader.trust()).isEqualTo(TrustConfig.DEFAULT);

        folder.main("trust: {unsigned: refsed}");
        assertThat(folder.reader.trust()).isNull();
        folder.main("trust: {unsgined: refused}");
        assertThat(folder.reader.trust()).isNull();
        folder.main("trust: {unsigned: refused");
        assertThat(folder.reader.trust()).isNull();
        folder.main("trust: {publishers: [{name: a, keys: [x], prefixes: [a-]}]}");
        assertThat(folder.reader.trust()).isNull();
    }

    @Test
    void saysThatTheMainFileIsNotThere() {
        Reading reading = folder.read();

        assertThat(reading.errors()).singleElement().asString().startsWith("gateway.yaml:1:1: " + home);
        assertThat(reading.files()).contains(home.resolve("conf/gateway.yaml"));
    }

    @Test
    void refusesBytesThatAreNotUtf8() throws IOException {
        folder.main("");
        Files.write(home.resolve("conf/gateway.yaml"), "a: 1\nb: ä".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(folder.read().errors())
                .singleElement()
                .hasToString("gateway.yaml:2:4: a byte that is not UTF-8 (expected: UTF-8); save the file as UTF-8");
    }

    @Test
    void readsAFileWithAByteOrderMark() {
        folder.main("\uFEFFlisteners: [{name: web, address: '127.0.0.1:0'}]");

        assertThat(Folder.texts(folder.read())).isEmpty();
    }

    @Test
    void refusesAFileThatIsTooLarge() {
        folder.main("# " + "x".repeat(10 << 20));

        assertThat(folder.read().errors()).singleElement().asString().contains("(expected: at most 10MiB)");
    }

    @Test
    void refusesWhatIsNestedTooDeep() {
        folder.main("services: " + "[".repeat(5000) + "]".repeat(5000));

        assertThat(folder.read().errors()).first().asString().contains("nested over 100 deep");
    }

    @Test
    void refusesAliasesThatMultiply() {
        StringBuilder bomb = new StringBuilder("services:\n  - &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 8; i++) {
            bomb.append("  - &a")
                    .append(i)
                    .append(" [")
                    .append(("*a" + (i - 1) + ", ").repeat(6))
                    .append("]\n");
        }
        folder.main(bomb.toString());

        assertThat(folder.read().errors()).first().asString().contains("*a", "(expected: fewer)");
    }

    @Test
    void refusesManyAliases() {
        folder.main("services:\n  - &a x\n" + "  - *a\n".repeat(51));

        assertThat(folder.read().errors()).first().asString().contains("over 50 aliases");
    }

    /** The catalogue of an installation without plugins. */
    private static final TypeCatalog NOTHING = new TypeCatalog() {
        @Override
        public @Nullable OfferedType find(String point, String name, @Nullable String version) {
            return null;
        }

        @Override
        public Set<String> names(String point) {
            return Set.of();
        }
    };

    private static ResolvedConfig config(Reading reading) {
        assertThat(Folder.texts(reading)).isEmpty();
        return Objects.requireNonNull(reading.config());
    }

    private Folder team(String text) {
        if (!Files.exists(home.resolve("conf/gateway.yaml"))) {
            folder.main(main());
        }
        return folder.write("conf/teams/shop.yaml", text);
    }

    private static String main() {
        return "include: [{files: teams/*.yaml, onError: keepLast}]\n"
                + "routes: [{name: main, match: {paths: [/main]}, plugins: [{respond: {}}]}]\n";
    }

    private static List<String> names(Reading reading) {
        return Objects.requireNonNull(reading.config(), () -> reading.problems().toString()).routes().stream()
                .map(route -> route.route().name())
                .toList();
    }

    private static List<String> ids(List<ResolvedRoute.ResolvedStep> steps) {
        return steps.stream().map(ResolvedRoute.ResolvedStep::id).toList();
    }

    static String sample() throws IOException {
        return Files.readString(Path.of("src/test/resources/config/contracts.yaml"));
    }
}
