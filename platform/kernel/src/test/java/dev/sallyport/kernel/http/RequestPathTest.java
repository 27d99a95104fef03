package dev.sallyport.kernel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.config.PathPolicy;
import dev.sallyport.kernel.config.PathPolicy.DoubleSlash;
import dev.sallyport.kernel.config.PathPolicy.EncodedSlash;
import dev.sallyport.kernel.http.ParsedTarget.Accepted;
import dev.sallyport.kernel.http.ParsedTarget.Refused;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\0',
            value = {
                "/a%2fb//c;x=1?q=%2f, /a%2Fb//c;x=1?q=%2f",
                "/a?, /a?",
                "/a??b?, /a??b?",
                "/?a=|[]{}\"<>^`\\%00, /?a=|[]{}\"<>^`\\%00",
                "/a?q=%zz&r=%4, /a?q=%25zz&r=%254",
                "/a?q=100%, /a?q=100%25",
                "/a?q=%41%, /a?q=%41%25",
                "/a?../.., /a?../..",
            })
    void readsOriginForm(String target, String normal) {
        assertThat(parse("GET", target)).isEqualTo(new Accepted(RequestTarget.parse(normal), null));
    }

    @ParameterizedTest
    @CsvSource({
        "http://api.example.com/a?b, /a?b, api.example.com",
        "HTTPS://api.example.com:8443, /, api.example.com:8443",
        "http://[::1]:80?x, /?x, [::1]:80",
        "http://a/%41, /A, a",
    })
    void readsAbsoluteForm(String target, String normal, String authority) {
        assertThat(parse("GET", target))
                .isEqualTo(new Accepted(RequestTarget.parse(normal), Authority.parse(authority)));
    }

    @Test
    void readsAsteriskFormForOptionsOnly() {
        Accepted server = new Accepted(new RequestTarget("*", null), null);

        assertThat(parse("OPTIONS", "*")).isEqualTo(server);
        assertThat(parse("OPTIONS", "http://a"))
                .isEqualTo(new Accepted(new RequestTarget("*", null), Authority.parse("a")));
        assertThat(parse("GET", "*")).isEqualTo(new Refused(400, "the request target * is for OPTIONS only"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "?a",
                "http://",
                "http:///a",
                "http://user@a/",
                "http://a:b/",
                "http://a:99999/",
                "ftp://a/",
                "http://a b/",
                "http://[::1/",
                "http://a\\b/",
                "a:80",
                "/a#b",
                "/a?b#c",
                "/a b",
                "/a?b c",
                "/a?b\u00e9",
                "/a?b\n",
                "/a?\0",
                "/../a",
                "http://a/%2e%2e",
                "/a\\b",
                "/%00"
            })
    void answers400ForMalformedTarget(String target) {
        assertThat(parse("GET", target) instanceof Refused(int status, String reason) && status == 400)
                .as(target)
                .isTrue();
    }

    @Test
    void refusesConnect() {
        assertThat(parse("CONNECT", "a:443")).isEqualTo(new Refused(501, "CONNECT is not supported"));
    }

    @Test
    void appliesThePolicyOfSlashes() {
        PathPolicy strict = new PathPolicy(EncodedSlash.REJECT, DoubleSlash.REJECT);
        PathPolicy merging = new PathPolicy(EncodedSlash.KEEP, DoubleSlash.MERGE);

        assertThat(RequestPath.parse("GET", "/a%2fb", strict))
                .isEqualTo(new Refused(400, "the path has an encoded slash"));
        assertThat(RequestPath.parse("GET", "/a//b", strict))
                .isEqualTo(new Refused(400, "the path has an empty segment"));
        assertThat(RequestPath.parse("GET", "/a/b?c=//%2F", strict))
                .isEqualTo(new Accepted(RequestTarget.parse("/a/b?c=//%2F"), null));
        assertThat(RequestPath.parse("GET", "//a///.//b%2f//?c=//", merging))
                .isEqualTo(new Accepted(RequestTarget.parse("/a/b%2F/?c=//"), null));
    }

    @Test
    void answersEveryRandomTarget() {
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            StringBuilder target =
                    new StringBuilder(random.nextBoolean() ? "/" : random.nextBoolean() ? "http://" : "");
            for (int n = random.nextInt(12); n > 0; n--) {
                target.append((char) (random.nextInt(10) == 0 ? random.nextInt(300) : 32 + random.nextInt(95)));
            }
            switch (parse("GET", target.toString())) {
                case Accepted accepted ->
                    assertThat(parse("GET", accepted.target().toString()))
                            .isEqualTo(new Accepted(accepted.target(), null));
                case Refused refused -> assertThat(refused.status()).isEqualTo(400);
            }
        }
    }

    private static ParsedTarget parse(String method, String target) {
        return RequestPath.parse(method, target, PathPolicy.DEFAULT);
    }
}
