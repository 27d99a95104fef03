package dev.sallyport.plugins.oidclogin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReturnToTest {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/basket?item=1&x=%2F%2Fevil.example.com", "/a//b", "/a@b:c"})
    void leadsToPathsOfTheSameOrigin(String target) {
        assertThat(ReturnTo.safe(target)).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "basket",
                "//evil.example.com",
                "///evil.example.com",
                "/\\evil.example.com",
                "\\\\evil.example.com",
                "/a\\b",
                "https://evil.example.com/",
                "https:evil.example.com",
                "javascript:alert(1)",
                "/a b",
                "/a\r\nset-cookie: x=y",
                "/a\tb",
                "/ä",
                "/a#b",
                " /a"
            })
    void leadsNowhereElse(String target) {
        assertThat(ReturnTo.safe(target)).isEqualTo("/");
    }

    @Test
    void leadsToTheFrontPageWhereThereIsNoneOrALongOne() {
        assertThat(ReturnTo.safe(null)).isEqualTo("/");
        assertThat(ReturnTo.safe("/" + "a".repeat(2_000))).isEqualTo("/");
    }
}
