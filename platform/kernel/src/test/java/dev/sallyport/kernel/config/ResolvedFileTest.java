package dev.sallyport.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of files that did not change: a reader that remembers says what one says that has just begun. */
final class ResolvedFileTest {

    private static final String MAIN = "include: [teams/*.yaml]\n";
    private static final String ORDERS = "upstreams: {orders: {targets: ['http://127.0.0.1:9001']}}\n";

    @TempDir
    Path home;

    private final TypeCatalog catalog = new SamplePlugin();
    private Folder folder;

    @BeforeEach
    void makeFolder() {
        folder = new Folder(home)
                .main(MAIN)
                .write("conf/teams/a.yaml", ORDERS + """
                    routes:
                      - {name: a, match: {paths: [/a]}, upstream: orders, plugins: [{use: strict}]}
                      - {name: a-url, match: {paths: [/a/url]}, upstream: 'http://127.0.0.1:9001'}
                    chains: {strict: [{rate-limit: {limit: 1/s}}, {use: more}]}
                    """)
                .write("conf/teams/b.yaml", """
                    routes:
                      - {name: b, match: {paths: [/b]}, upstream: orders, plugins: [{use: more}]}
                      - {name: b-url, match: {paths: [/b/url]}, upstream: 'http://127.0.0.1:9001'}
                      - {name: b-off, match: {paths: [/b/off]}, plugins: [{respond: {}}, {respond: {}, id: x, mode: off}]}
                    """)
                .write("conf/teams/c.yaml", "chains: {more: [{respond: {}}]}");
        read();
    }

    private ResolvedConfig read() {
        Reading reading = folder.reader.read(catalog, ConfigReader.Options.STRICT);
        Reading fresh = folder.reader().read(catalog, ConfigReader.Options.STRICT);
        assertThat(Folder.texts(reading)).isEqualTo(Folder.texts(fresh));
        assertThat(reading.config() == null).isEqualTo(fresh.config() == null);
        if (reading.config() == null || fresh.config() == null) {
            folder.main(MAIN).write("conf/teams/c.yaml", "chains: {more: [{respond: {}}]}");
            return read();
        }
        ResolvedConfig config = reading.config();
        assertThat(config.with(fresh.config().redaction())).isEqualTo(fresh.config());
        return config;
    }

    @Test
    void theRoutesOfAFileAreTheSameInstancesWhereAnotherOneChanges() {
        ResolvedConfig before = read();

        folder.write("conf/teams/b.yaml", "routes: [{name: other, match: {paths: [/o]}, upstream: orders}]");
        ResolvedConfig after = read();

        assertThat(after.routes().getFirst()).isSameAs(before.routes().getFirst());
        assertThat(after.routes().get(1)).isSameAs(before.routes().get(1));
        assertThat(after.routes().get(2).route().name()).isEqualTo("other");
    }

    @Test
    void aDefaultOfTheMainFileComesToAllRoutes() {
        folder.main(MAIN + "defaults: {plugins: [{rate-limit: {limit: 2/s}}]}");

        assertThat(read().routes())
                .allSatisfy(route -> assertThat(route.steps().getFirst().id()).isEqualTo("rate-limit"));
    }

    @Test
    void aChainThatAnotherFileChangesIsAnotherForAllThatUseIt() {
        folder.write("conf/teams/c.yaml", "chains: {more: [{rate-limit: {limit: 7/s}}, {respond: {}}]}");

        ResolvedConfig after = read();

        assertThat(after.routes().getFirst().steps()).hasSize(3);
        assertThat(after.routes().get(2).steps()).hasSize(2);
    }

    @Test
    void aChainThatIsGoneIsMissedByAllThatUseIt() {
        folder.write("conf/teams/c.yaml", "");

        assertThat(Folder.texts(folder.reader.read(catalog, ConfigReader.Options.STRICT)))
                .anyMatch(text -> text.startsWith("teams/a.yaml:5:53") && text.contains("more (expected: a chain"))
                .anyMatch(text -> text.startsWith("teams/b.yaml:2:71") && text.contains("more (expected: a chain"));
        read();
    }

    @Test
    void anUpstreamThatIsGoneIsMissedByAllThatNameIt() {
        folder.write("conf/teams/a.yaml", "routes: [{name: a, match: {paths: [/a]}, plugins: [{respond: {}}]}]");

        assertThat(Folder.texts(folder.reader.read(catalog, ConfigReader.Options.STRICT)))
                .anyMatch(
                        text -> text.startsWith("teams/b.yaml:2:47") && text.contains("orders (expected: an upstream"));
    }

    @Test
    void anUpstreamThatIsAUrlStaysWhereTheFirstThatGaveItIsGone() {
        folder.main(MAIN + ORDERS)
                .write("conf/teams/a.yaml", "routes: [{name: a, match: {paths: [/a]}, plugins: [{respond: {}}]}]");

        UpstreamConfig url = Objects.requireNonNull(read().upstreams().get("http://127.0.0.1:9001"));

        assertThat(url.place().file()).isEqualTo("teams/b.yaml");
    }

    @Test
    void whatIsOffIsKnownAsOffAfterAnotherFileHasChanged() {
        folder.write("conf/teams/c.yaml", "chains: {more: [{respond: {}}]}\n# nothing else");

        assertThat(read().off()).containsOnlyKeys("b-off");
    }

    @Test
    void routesOfAnotherFileThatTakeTheSameAreRefusedAlsoWhereThatOneHasNotChanged() {
        folder.write(
                "conf/teams/c.yaml",
                "chains: {more: [{respond: {}}]}\n"
                        + "routes: [{name: c, match: {paths: [/b]}, plugins: [{respond: {}}]}]");

        assertThat(Folder.texts(folder.reader.read(catalog, ConfigReader.Options.STRICT)))
                .anyMatch(text -> text.contains("c takes what b at teams/b.yaml:2:5 takes too"));
        read();
    }
}
