package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.deploy.ReloadResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whatever stands in the configuration, a filter is made of it or it is refused by name, as a test class to inherit. It
 * makes random settings by the JSON Schema in the built jar, and gives them to a real gateway:
 *
 * <ol>
 *   <li>Settings that keep the schema serve, or are refused at a key, with what was expected: never by another exception.
 *   <li>Settings that break it at one place are refused, and the refusal names that place.
 *   <li>What was made can be closed.
 * </ol>
 *
 * <p>The samples are the same in each run unless {@code -Dsallyport.fuzz.seed=NUMBER} asks for others; the seed is printed.
 *
 * {@snippet :
 * final class StampFuzzIT extends PluginFuzzTest {}
 * }
 */
public abstract class PluginFuzzTest {

    private static final boolean PROOF = Boolean.getBoolean("sallyport.proof");
    private static final int SAMPLES = PROOF ? 10_000 : 150;
    private static final long MOST_NANOS = TimeUnit.MINUTES.toNanos(PROOF ? 30 : 1);

    /** For classes that inherit the test. */
    protected PluginFuzzTest() {}

    /** The jar whose filters are made. */
    protected Path jar() {
        return TestGateway.builtJar();
    }

    /** A gateway with that jar, and whatever else it needs. */
    protected TestGateway.Builder gateway(Path jar) {
        return TestGateway.with(jar);
    }

    /**
     * A configuration with a step.
     *
     * @param step the step as JSON, which is YAML too, to stand in a list of {@code plugins}
     */
    protected String config(String step) {
        return "routes: [{name: all, plugins: [" + step + "], upstream: \"http://127.0.0.1:9\"}]\n";
    }

    /**
     * A value for a key that only a few values fit, such as the name of a consumer that is there.
     *
     * @param key the path of keys below the step's type: {@code in.header}, with {@code []} for an item of a list and
     *     {@code .*} for a value of a map
     * @return a text, a number, a boolean, a list or a map; null for a random value
     */
    protected @Nullable Object value(String key) {
        return null;
    }

    /** Settings by the schema, and against it. */
    @Test
    final void servesOrSaysAtWhichKeyItCannot() throws IOException {
        long seed = Long.getLong("sallyport.fuzz.seed", PROOF ? System.nanoTime() : 1);
        Path jar = jar();
        String plugin = PluginJar.id(jar) + " " + PluginJar.version(jar);
        ConfigSamples samples = new ConfigSamples(new Random(seed), this::given);
        try (TestGateway gateway = gateway(jar).start("routes: []\n")) {
            for (JsonNode filter : filters(jar)) {
                Tally tally = new Tally(gateway, plugin, filter.path("type").asString(), seed);
                long start = System.nanoTime();
                for (int i = 0; i < SAMPLES && System.nanoTime() - start < MOST_NANOS; i++) {
                    tally.valid(samples.valid(filter.path("config")));
                    tally.broken(samples.broken(filter.path("config")));
                }
                System.out.println(tally);
                assertThat(tally.served)
                        .as(tally + "; none serve, so nothing was shown: override value(key)")
                        .isPositive();
            }
            gateway.configure("routes: []\n");
            assertThat(gateway.log()).noneMatch(line -> line.contains(plugin) && line.contains(": closing "));
        }
    }

    private @Nullable JsonNode given(String key) {
        Object value = value(key);
        return value == null ? null : JsonMapper.shared().valueToTree(value);
    }

    private static List<JsonNode> filters(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile());
                InputStream in = file.getInputStream(file.getJarEntry("META-INF/sallyport/extensions.json"))) {
            List<JsonNode> filters = JsonMapper.shared()
                    .readTree(in)
                    .path("extensions")
                    .valueStream()
                    .filter(extension -> extension.path("point").asString().equals("filter"))
                    .toList();
            assertThat(filters).as("filters in " + jar).isNotEmpty();
            return filters;
        }
    }

    /** What came of the samples of one type. */
    private final class Tally {

        private final TestGateway gateway;
        private final String plugin;
        private final String type;
        private final long seed;
        private int served;
        private int refused;
        private int broken;

        Tally(TestGateway gateway, String plugin, String type, long seed) {
            this.gateway = gateway;
            this.plugin = plugin;
            this.type = type;
            this.seed = seed;
        }

        void valid(JsonNode config) {
            List<ConfigProblem> errors = errors(config);
            errors.forEach(error -> assertNamed(config, error));
            served += errors.isEmpty() ? 1 : 0;
            refused += errors.isEmpty() ? 0 : 1;
        }

        void broken(ConfigSamples.Broken sample) {
            List<ConfigProblem> errors = errors(sample.config());
            errors.forEach(error -> assertNamed(sample.config(), error));
            assertThat(errors)
                    .as(this + "; " + sample.key() + " is " + sample.how() + " in " + step(sample.config()))
                    .anyMatch(error -> (error.key() + " " + error.message()).contains(sample.key()));
            broken++;
        }

        private String step(JsonNode config) {
            ObjectNode step = JsonMapper.shared().createObjectNode();
            step.set(type, config);
            return step.toString();
        }

        private List<ConfigProblem> errors(JsonNode config) {
            ReloadResult result = gateway.configure(config(step(config)));
            return result.problems().stream()
                    .filter(problem -> problem.severity() == ConfigProblem.Severity.ERROR)
                    .toList();
        }

        /** What the plugin's code throws beside a ConfigException is told under the plugin's name. */
        private void assertNamed(JsonNode config, ConfigProblem error) {
            String what = this + "; " + step(config) + " is refused by: " + error;
            assertThat(error.message()).as(what).doesNotStartWith(plugin + ":").contains("expected");
            assertThat(error.key()).as(what).contains(type);
        }

        @Override
        public String toString() {
            return "%s, seed %d: %d served, %d refused though the schema allows them, %d broken ones refused"
                    .formatted(type, seed, served, refused, broken);
        }
    }
}
