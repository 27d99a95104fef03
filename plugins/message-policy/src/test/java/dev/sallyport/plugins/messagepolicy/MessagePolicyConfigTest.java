package dev.sallyport.plugins.messagepolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Rate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MessagePolicyConfigTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "https://shop.example.com, https://shop.example.com, true",
        "https://shop.example.com, HTTPS://Shop.Example.com, true",
        "https://shop.example.com, https://shop.example.com:443, true",
        "https://shop.example.com, http://shop.example.com, false",
        "https://shop.example.com, https://shop.example.com:8443, false",
        "https://shop.example.com, https://shop.example.com.evil.example, false",
        "https://shop.example.com, null, false",
        "https://*.example.com, https://a.b.example.com, true",
        "https://*.example.com, https://example.com, false",
        "https://*.example.com, https://evilexample.com, false",
        "https://*.example.com, https://*.example.com, false",
        "http://127.0.0.1:8080, http://127.0.0.1:8080, true"
    })
    void anOriginHolds(String written, String field, boolean holds) {
        assertThat(Origin.parse(written).holds(field)).isEqualTo(holds);
    }

    @Test
    void anOriginHasNoPath() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Origin.parse("https://example.com/"))
                .withMessageContaining("without a path");
    }

    @Test
    void aMessageHasASizeThatFitsIntoMemory() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> Policies.with("65MiB", null, "{}"))
                .withMessageContaining("expected: 1B to 64MiB");
    }

    @Test
    void aSchemaThatIsNoneIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), "{\n \"type\": }");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> MessageSchema.of(Policies.with("1KiB", file, "{}")))
                .withMessageContaining("a.json:2:");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> MessageSchema.of(Policies.with("1KiB", folder.resolve("b.json"), "{}")));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> MessageSchema.of(
                        Policies.with("1KiB", null, "{\"$ref\": \"http://127.0.0.1:1/never-fetched\"}")));
        assertThatExceptionOfType(ConfigException.class)
                .as("a pattern that could take for ever")
                .isThrownBy(() -> MessageSchema.of(Policies.with("1KiB", null, "{\"pattern\": \"(?=a)b\"}")));
    }

    @Test
    void aSchemaTellsWhereAndNotWhat() {
        MessageSchema schema = MessageSchema.of(
                Policies.with("1KiB", null, "{\"properties\": {\"n\": {\"type\": \"integer\", \"minimum\": 1}}}"));

        assertThat(schema.check("{\"n\": 1}")).isNull();
        assertThat(schema.check("{\"n\": 0}")).isEqualTo("/n breaks minimum");
        assertThat(schema.check("[1, 2")).startsWith("not JSON, at line 1");
        assertThat(schema.check("")).isEqualTo("not JSON: nothing there");
        assertThat(schema.check("{\"n\":1,\"n\":2}")).startsWith("not JSON");
        assertThat(schema.check("[".repeat(200))).startsWith("not JSON");
        assertThat(schema.check("1 2")).startsWith("not JSON");
    }

    @Test
    void aBucketGivesWhatItHoldsAndWhatComesBack() {
        Bucket bucket = new Bucket(Rate.parse("2/s"), 0);

        assertThat(bucket.take(0)).isTrue();
        assertThat(bucket.take(0)).isTrue();
        assertThat(bucket.take(0)).isFalse();
        assertThat(bucket.take(499_999_999)).isFalse();
        assertThat(bucket.take(500_000_000)).isTrue();
        assertThat(bucket.take(100_000_000_000L)).isTrue();
        assertThat(bucket.take(100_000_000_000L)).isTrue();
        assertThat(bucket.take(100_000_000_000L)).isFalse();
    }
}
