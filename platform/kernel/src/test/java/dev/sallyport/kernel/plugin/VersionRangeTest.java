package dev.sallyport.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.zafarkhaja.semver.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionRangeTest {

    @ParameterizedTest
    @CsvSource({
        "1.4.0, 1.4.0, true",
        "1.4.0, 1.4.1, false",
        "1.4.0, 1.4.0+build.7, true",
        "~1.4, 1.4.9, true",
        "~1.4, 1.5.0, false",
        "^1, 1.9.9, true",
        "^1, 2.0.0, false",
        "^1.2.0, 1.1.0, false",
        "1.4, 1.4.7, true",
        "*, 7.0.0, true",
        ">=1.2.0 & <1.6.0, 1.5.9, true",
        "^1, 1.5.0-rc.1, false",
        "^1, 2.0.0-rc.1, false",
        "2.0.0-rc.1, 2.0.0-rc.1, true",
        "2.0.0-rc.1, 2.0.0-rc.2, false",
        "2.0.0-rc.1, 2.0.0, false",
    })
    void matches(String range, String version, boolean expected) {
        assertThat(VersionRange.parse(range).matches(Version.parse(version))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "latest", ">=1.0 <2", "^2.0.0-rc.1", "v1", "<99999999999999999999"})
    void saysWhatItExpected(String text) {
        assertThatThrownBy(() -> VersionRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(text + " (expected: a version or a range such as 1.4.0, ~1.4 or ^1)");
    }

    @Test
    void givesTheMajorVersion() {
        assertThat(VersionRange.major("3.1.0")).isEqualTo(3);
        assertThat(VersionRange.major("none")).isEqualTo(-1);
    }
}
