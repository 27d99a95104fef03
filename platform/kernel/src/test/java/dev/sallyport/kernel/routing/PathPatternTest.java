package dev.sallyport.kernel.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/**",
                "/orders",
                "/orders/",
                "/orders/**",
                "/orders/{id}",
                "/users/{user-id}/**",
                "/a//b",
                "/~ann",
                "/a;v=1",
                "/café",
                "/with space",
                "/a%2Fb",
                "re:/v[12]/.*",
                "re:.*",
                "re:/(a|b)",
                "re:^/x$",
                "re:/[0-9]{1,5}",
                "/..x",
                "/.well-known/**",
                "/a/...",
                "re:(?i)/abc"
            })
    void readsPattern(String text) {
        assertThatNoException().isThrownBy(() -> PathPattern.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "orders | orders (expected: a path that starts with /, or re: and a regular expression); write /orders",
                "/orders/* | /orders/* (expected: * only in /** at the end); write /orders/{name} for one segment,"
                        + " /orders/** for all below",
                "/orders** | /orders** (expected: * only in /** at the end); write /orders/**",
                "/a/**/b | /a/**/b (expected: * only in /** at the end); write {name} for one segment in the middle, or"
                        + " use re:",
                "/a/{id | /a/{id (expected: a parameter as a whole segment, such as {id}); use re: for parts of a"
                        + " segment",
                "/a/x{id} | /a/x{id} (expected: a parameter as a whole segment, such as {id}); use re: for parts of a"
                        + " segment",
                "/a/{} | /a/{} (expected: a parameter's name of letters, digits, _ and -); rename {}",
                "/{a b} | /{a b} (expected: a parameter's name of letters, digits, _ and -); rename {a b}",
                "/{a}/{a} | /{a}/{a} (expected: each parameter once); rename one {a}",
                "/a?b=1 | /a?b=1 (expected: a path without query); put the parameters under query",
                "/a/../b | /a/../b (expected: a path that a request can have); the path has a segment .. (or one that"
                        + " may be read as such)",
                "/a/./b | /a/./b (expected: a path without dot segments); leave out the segment .",
                "/a%zz | /a%zz (expected: a path that a request can have); the path has a % that is not followed by two"
                        + " hexadecimal digits",
                "/a\\b | /a\\b (expected: a path that a request can have); the path has a backslash",
                "/a#b | /a#b (expected: a path that a request can have); the path has a character that must be"
                        + " percent-encoded: #",
                "re:v1/.* | re:v1/.* (expected: re: and a regular expression of the whole path, in the syntax of RE2);"
                        + " write re:/v1/.*",
                "re:/[a | re:/[a (expected: re: and a regular expression of the whole path, in the syntax of RE2);"
                        + " missing closing ]",
                "re:/(?=a) | re:/(?=a) (expected: re: and a regular expression of the whole path, in the syntax of"
                        + " RE2); invalid or unsupported Perl syntax",
                "re: | re: (expected: re: and a regular expression of the whole path, in the syntax of RE2); write"
                        + " re:/.* for every path",
            })
    void refusesWhatIsNoPatternAndSaysHowToMendIt(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PathPattern.parse(text))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "re:/((a{1000}){1000}){1000}",
                "re:/((((a{100}){100}){100}))",
                "re:/\\Q[\\E((a{1000}){1000}){1000}]",
                "re:/(((a{1,1000}){2,1000})|b){0,500}"
            })
    void refusesRegexThatWouldFillTheMemory(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> PathPattern.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/**", "re:.*", "re:\\*", "/{a}"})
    void takesNoAsteriskForm(String text) {
        assertThat(PathPattern.parse(text).matches("*")).isFalse();
    }

    @Test
    void readsDeeplyNestedRegex() {
        String deep = "re:/" + "(".repeat(490) + "a" + ")".repeat(490);

        assertThat(PathPattern.parse(deep).matches("/a")).isTrue();
    }

    @Test
    void matchesRegexThatBacktrackingEnginesHangOnInLinearTime() {
        PathPattern pattern = PathPattern.parse("re:/(a|a)*(a|aa)*(a*)*b");

        assertThat(pattern.matches("/" + "a".repeat(8_000))).isFalse();
        assertThat(pattern.matches("/" + "a".repeat(8_000) + "b")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/v[12]/.*, /v",
        "/orders/x*, /orders/",
        "/a|/b, ''",
        "/(a|b), /",
        "/a[|]b, /a",
        "/ab?, /a",
        "^/a$, /a",
        "/a\\.b, /a",
        "(?i)/a, ''",
        "/a{2}, /",
        "'/a[]|]b', /a",
    })
    void findsTheLiteralStartOfRegex(String regex, String start) {
        assertThat(RegexOutline.literalStart(regex)).isEqualTo(start);
    }
}
