package dev.sallyport.plugins.javascript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Scripts;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Rate;
import dev.sallyport.api.config.Size;
import dev.sallyport.testkit.FakeContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class JavascriptFactoryTest {

    private static final Scripts.Limits LIMITS = new Scripts.Limits(
            Duration.ofMillis(250),
            Duration.ofSeconds(5),
            1000,
            new Size(1),
            new Size(2),
            new Size(3),
            4,
            Rate.parse("5/s"));

    @Test
    void isNamedJavascript() {
        assertThat(JavascriptFactory.class.getAnnotation(Type.class).value()).isEqualTo("javascript");
    }

    @Test
    void handsItsSettingsToTheEngine() {
        Filter loaded = (request, next) -> next.proceed(request);
        AtomicReference<List<Object>> asked = new AtomicReference<>();
        Scripts scripts = (file, config, limits, isolation, fetch) -> {
            asked.set(List.of(file, config, limits, isolation, fetch));
            return loaded;
        };
        List<Scripts.Origin> fetch = List.of(Scripts.Origin.parse("https://api.example.com"));
        JavascriptConfig config =
                new JavascriptConfig("add-region.js", Map.of("region", "us"), LIMITS, Scripts.Isolation.NONE, fetch);

        try (FakeContext context = FakeContext.builder().scripts(scripts).build()) {
            assertThat(new JavascriptFactory().create(config, context)).isSameAs(loaded);
        }

        assertThat(asked.get())
                .containsExactly("add-region.js", Map.of("region", "us"), LIMITS, Scripts.Isolation.NONE, fetch);
    }

    @Test
    void passesARefusalOn() {
        ConfigException refusal = new ConfigException("script", "a.js:1:2: SyntaxError");
        Scripts scripts = (file, config, limits, isolation, fetch) -> {
            throw refusal;
        };

        try (FakeContext context = FakeContext.builder().scripts(scripts).build()) {
            assertThatThrownBy(() -> new JavascriptFactory()
                            .create(
                                    new JavascriptConfig(
                                            "a.js", Map.of(), LIMITS, Scripts.Isolation.REQUEST, List.of()),
                                    context))
                    .isSameAs(refusal);
        }
    }
}
