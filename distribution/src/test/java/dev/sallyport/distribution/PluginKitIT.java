package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an author has is the unpacked gateway, a JDK and Maven Central. So Maven's local repository is one here that has
 * nothing of this project: all that this machine has fetched before, linked, but for that.
 */
final class PluginKitIT {

    /** Within which a working signed plugin is to serve. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final String OURS = "sallyport";

    private static Path folder;
    private static Path repository;

    @BeforeAll
    static void linkWhatIsNotOurs() throws IOException {
        folder = Folders.temporary("kit");
        repository = folder.resolve("repository");
        String given = System.getProperty("localRepository");
        Path real = given == null ? Path.of(System.getProperty("user.home"), ".m2", "repository") : Path.of(given);
        link(real, repository, "dev");
        link(real.resolve("dev"), repository.resolve("dev"), OURS);
    }

    private static void link(Path from, Path to, String except) throws IOException {
        Files.createDirectories(to);
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> all = Files.list(from)) {
            for (Path each : all.toList()) {
                if (!each.getFileName().toString().equals(except)) {
                    Files.createSymbolicLink(to.resolve(each.getFileName()), each);
                }
            }
        }
    }

    @AfterAll
    static void delete() {
        Folders.delete(folder);
    }

    private static String localRepository() {
        return "-Dmaven.repo.local=" + repository;
    }

    /** Behind those that this machine gives to each Maven, such as for a mirror. */
    private static String mavenArguments() {
        return (System.getenv().getOrDefault("MAVEN_ARGS", "") + " " + localRepository()).strip();
    }

    /** From nothing to a signed plugin that serves, as the guide says it. */
    @Test
    void theGuideDoesWhatItSays() throws Exception {
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        try (Closeable _ = Ports.ofTheGuides()) {
            Tutorial.run(
                    "docs/guides/plugin-kit.md",
                    Map.of("MAVEN_ARGS", mavenArguments(), "JAVA_OPTS", "-Djava.io.tmpdir=" + temporary),
                    PATIENCE);
        }
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(each -> each.getFileName().toString().startsWith("sallyport-dev")))
                    .as("what sallyport dev left behind")
                    .isEmpty();
        }
    }

    @Test
    void aStrangersPluginIsBuiltFromTheKitAloneAndServesFromAMarketplace() throws IOException {
        Path project = stranger("path-rules");
        String publisher = keygen("example");
        String shop = keygen("shop");

        maven(project, "verify", "-Dsallyport.key=" + folder.resolve("example.key"))
                .succeeds();

        Path jar = project.resolve("target/path-rules-2.3.0.jar");
        try (JarFile file = new JarFile(jar.toFile())) {
            assertThat(file.getEntry("com/google/re2j/Pattern.class"))
                    .as("its own library")
                    .isNotNull();
            assertThat(file.getEntry("dev/sallyport/api/Filter.class"))
                    .as("the gateway's")
                    .isNull();
            assertThat(file.getManifest().getMainAttributes().getValue("Plugin-License"))
                    .isEqualTo("MIT");
        }
        assertThat(Files.readString(project.resolve("target/path-rules-2.3.0.jar.cdx.json")))
                .contains("re2j")
                .doesNotContain("sallyport-plugin-api");
        JsonNode told = JsonMapper.shared()
                .readTree(Files.readString(project.resolve("target/path-rules-2.3.0.jar.cdx.json")))
                .path("metadata")
                .path("component")
                .path("licenses");
        assertThat(told.toString()).contains("MIT").doesNotContain("Apache");

        Path site = folder.resolve("site");
        sallyport("market", "publish", site.toString(), jar.toString(), "--name", "shop", "--key", "shop.key")
                .succeeds();
        String trust = "trust:\n  publishers:\n" + publisher + "  marketplaces:\n    - name: shop\n      url: " + site
                + "\n"
                + shop.lines().filter(line -> line.contains("keys:")).collect(Collectors.joining()) + "\n";
        String config = Product.web("").replace("admin: {", "admin: {pluginUpload: trusted, ") + trust;
        try (Product product = Product.with(config + "routes: []\n").start()) {
            Command installed = Command.in(
                            folder,
                            Product.environment(),
                            product.home().resolve("bin/sallyport").toString(),
                            "plugins",
                            "install",
                            "example-path-rules",
                            "--config",
                            product.home().resolve("conf/gateway.yaml").toString(),
                            "--server",
                            product.adminAddress().toString())
                    .succeeds();
            product.reconfigure(config + """
                routes:
                  - {name: all, plugins: [{example/path-rules: {refuse: ['[.]bak$']}}, {respond: {body: open}}]}
                """);

            assertThat(installed.out()).contains("from         shop", "example-path-rules 2.3.0: serving");
            assertThat(product.client().get("/a.txt").body()).isEqualTo("open");
            assertThat(product.client().get("/a.bak").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void aPomThatSaysTooLittleIsToldWhatIsMissing() throws IOException {
        Path project = stranger("incomplete");
        Path pom = project.resolve("pom.xml");
        Files.writeString(
                pom,
                Files.readString(pom)
                        .replaceAll("<description>.*</description>", "")
                        .replaceAll("<plugin.license>.*</plugin.license>", "")
                        .replaceAll("<plugin.id>.*</plugin.id>", ""));

        assertThat(maven(project, "validate").endsWith(1).out())
                .contains("The property plugin.id is missing", "plugin.license", "has no description");
    }

    @Test
    void aKeyThatIsNotThereIsToldBeforeAnyTest() throws IOException {
        Path project = stranger("keyless");

        assertThat(maven(project, "validate", "-Dsallyport.key=gone.key")
                        .endsWith(1)
                        .out())
                .contains("There is no private key", "gone.key");
    }

    /** The example, outside of any reactor. */
    private static Path stranger(String name) throws IOException {
        Path project = folder.resolve(name);
        Folders.copy(Path.of("src/it/path-rules").toAbsolutePath(), project);
        return project;
    }

    private static String keygen(String name) {
        String printed = sallyport("market", "keygen", name).succeeds().out();
        return printed.substring(printed.indexOf("    - name:"));
    }

    private static Command sallyport(String... arguments) {
        return Command.sallyport(folder, arguments);
    }

    private static Command maven(Path project, String... arguments) {
        List<String> line = new ArrayList<>(List.of(
                Repository.file("mvnw").toString(),
                "-B",
                "--no-transfer-progress",
                localRepository(),
                "-Dmaven.repo.local.tail=" + Product.UNPACKED.resolve("kit/maven")));
        line.addAll(List.of(arguments));
        return Command.in(project, environment(), PATIENCE, line.toArray(String[]::new));
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Product.environment());
        environment.putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
        return environment;
    }
}
