package dev.sallyport.kernel.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalPathTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\0',
            value = {
                "/, /",
                "/a/b, /a/b",
                "/%41%5a%7e%2D%2e%5f, /AZ~-._",
                "/a%2fb, /a%2Fb",
                "/%3b, /%3B",
                "/a;x=1/b, /a;x=1/b",
                "/a//b, /a//b",
                "/a|b, /a%7Cb",
                "/\"<>[]^`{}, /%22%3C%3E%5B%5D%5E%60%7B%7D",
                "/., /",
                "/./, /",
                "/a/., /a/",
                "/a/./b, /a/b",
                "/a/%2e/b, /a/b",
                "/.a/..b/c./..., /.a/..b/c./...",
                "/%252e%252e/, /%252e%252e/",
                "/caf%c3%a9, /caf%C3%A9",
                "/%E9, /%E9",
            })
    void bringsPathIntoNormalForm(String path, String normal) throws MalformedPathException {
        assertThat(NormalPath.of(path)).isEqualTo(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..", "/../", "/a/..", "/a/../b", "/%2e%2e", "/.%2e/", "/%2E./x", "/..;", "/..;x=1/a", "/.;x",
                        "/%2e%2E;a",
                "/..%3b/", "/a%00", "/a\0", "/a\\b", "/a%5cb", "/a%5Cb", "/a\tb", "/a%09b", "/a%0d%0aX: y", "/a%7f",
                        "/a b",
                "/é", "/a%", "/a%4", "/a%zz", "/a%+1", "/a%-1", "/%c0%ae", "/%c0%af", "/%C1%9C", "/%e0%80%ae",
                        "/%f0%80%80%ae",
                "/a#b", "/a\u007f"
            })
    void refusesPathWithoutNormalForm(String path) {
        assertThatExceptionOfType(MalformedPathException.class).isThrownBy(() -> NormalPath.of(path));
    }

    @Test
    void keepsPathThatIsInNormalForm() throws MalformedPathException {
        String path = new String("/orders/7");

        assertThat(NormalPath.of(path)).isSameAs(path);
    }

    @Test
    void isIdempotentAndLeavesNothingThatServersReadInTwoWays() {
        Random random = new Random(20_261);
        String[] pieces = {
            "/", ".", "..", "%2e", "%2E", "%2f", "%5c", "%00", "%41", "%c0", "%ae", "%AF", "a", "~", ";", "%3b", "|",
            "\\", "%", "%25", "%e0", "%80", "{", "\u00e9", " ", "#"
        };
        int accepted = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder path = new StringBuilder("/");
            for (int n = random.nextInt(8); n >= 0; n--) {
                path.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                String normal = NormalPath.of(path.toString());
                accepted++;
                assertThat(NormalPath.of(normal)).isEqualTo(normal);
                assertThat(normal)
                        .startsWith("/")
                        .matches("[!-~]*")
                        .doesNotContain("\\", "%5C", "%00", "#", "?", " ")
                        .doesNotMatch(".*/\\.{1,2}(/.*|;.*|%3B.*)?")
                        .doesNotMatch(".*%(?![0-9A-F]{2}).*")
                        .doesNotMatch(".*%(4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A]|3[0-9]|2[DE]|5F|7E).*");
            } catch (MalformedPathException refused) {
                assertThat(refused).hasMessageStartingWith("the path has ");
            }
        }
        assertThat(accepted).isGreaterThan(10_000);
    }
}
