package dev.sallyport.plugins.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Secret;
import org.junit.jupiter.api.Test;

final class StyleTest {

    @Test
    void keepsTheLastLettersAndDigits() {
        assertThat(new Style.Last(4).of("4111 1111 1111 1234")).isEqualTo("**** **** **** 1234");
        assertThat(new Style.Last(4).of("12345678")).isEqualTo("***");
        assertThat(new Style.Last(2).of("zoë@b.example")).isEqualTo("***@*.*****le");
    }

    @Test
    void makesTheSameCodeOfTheSameValue() {
        Style hash = new Style.Hash(Secret.parse("0123456789abcdef"));

        assertThat(hash.of("a")).isEqualTo(hash.of("a")).hasSize(32).isNotEqualTo(hash.of("b"));
        assertThat(new Style.Hash(Secret.parse("0123456789abcdeX")).of("a")).isNotEqualTo(hash.of("a"));
        assertThatThrownBy(() -> new Style.Hash(Secret.parse("short")))
                .isInstanceOf(ConfigException.class)
                .hasMessageNotContaining("short\"");
    }
}
