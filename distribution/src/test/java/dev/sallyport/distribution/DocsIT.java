package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.Reading;
import dev.sallyport.kernel.plugin.PluginSettings;
import dev.sallyport.kernel.plugin.Plugins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each YAML of a page that looks like a configuration is read by the real reader, with the plugins that ship. */
final class DocsIT {

    private static final Pattern TOP_LEVEL = Pattern.compile(
            "(?m)^(source|routes|listeners|upstreams|plugins|consumers|chains|defaults|admin|status|log|folders|trust|include|drain|limits|trace|services):");
    /** Of plugins that a page makes; nothing here has them. */
    private static final Pattern OWN_TYPE = Pattern.compile("\\b(me|acme|test|example|the-publisher)/[a-z-]+:");

    /** Pages on matching leave out what comes after it. */
    private static final String WITHOUT_AN_END = "(expected: an upstream, or a step that answers)";

    /** Certificates are not part of pages. */
    private static final String WITHOUT_FILES = ".pem does not exist)";

    private static Path home;
    private static Plugins plugins;

    @BeforeAll
    static void open() throws IOException {
        home = Folders.temporary("docs");
        plugins = Plugins.open(PluginSettings.of(Product.UNPACKED.resolve("plugins"), home.resolve("data"))
                .withOwner(false));
    }

    @AfterAll
    static void close() {
        plugins.close();
        Folders.delete(home);
    }

    static Stream<FencedBlock> configurations() {
        return Repository.markdown().stream()
                .flatMap(file -> FencedBlock.of(file).stream())
                .filter(block -> block.language().equals("yaml"))
                .filter(block -> TOP_LEVEL.matcher(block.text()).find())
                .filter(block -> !OWN_TYPE.matcher(block.text()).find());
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void isValid(FencedBlock block) throws IOException {
        assertThat(errors(block.text())).as(block.toString()).isEmpty();
    }

    @Test
    void thereAreConfigurationsToRead() {
        assertThat(configurations()).hasSizeGreaterThan(3);
    }

    @Test
    void theShippedConfigurationsAreValid() throws IOException {
        assertThat(errors(Files.readString(Product.UNPACKED.resolve("conf/gateway.yaml"))))
                .isEmpty();
    }

    private static List<String> errors(String text) throws IOException {
        String whole = (text.contains("listeners:") ? "" : "listeners: [{name: web, address: \"127.0.0.1:0\"}]\n")
                + (text.contains("routes:") ? "" : "routes: []\n")
                + text;
        Path file = Files.writeString(home.resolve("gateway.yaml"), whole);
        Reading reading = new ConfigReader(
                        file,
                        home,
                        name -> "value-of-" + name.replace('_', '-'),
                        (source, types, key) -> "value-of-" + key)
                .read(plugins.catalogue(), ConfigReader.Options.STRICT);
        return reading.errors().stream()
                .map(Object::toString)
                .filter(error -> !error.contains(WITHOUT_AN_END) && !error.contains(WITHOUT_FILES))
                .toList();
    }
}
