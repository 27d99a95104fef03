package dev.sallyport.plugins.keyauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Request;
import dev.sallyport.testkit.Requests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyLocationTest {

    @Test
    void findsTheKeyInAHeader() {
        KeyLocation in = new KeyLocation.Header("X-API-Key");
        Request request = Requests.get("/")
                .header("x-api-key", "k")
                .header("accept", "*/*")
                .build();

        assertThat(in.keys(request)).containsExactly("k");
        assertThat(in.without(request).headers().names()).containsExactly("accept", "host");
    }

    @ParameterizedTest
    @CsvSource({"ApiKey k,k", "apikey   k,k", "Bearer k,k", "k,k", "Basic k,Basic k"})
    void takesTheSchemeOffTheAuthorizationHeader(String value, String key) {
        Request request = Requests.get("/").header("authorization", value).build();

        assertThat(new KeyLocation.Header("Authorization").keys(request)).containsExactly(key);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "/a?key=k,/a",
                "/a?x=1&key=k&y=%2f+2,/a?x=1&y=%2f+2",
                "/a?%6bey=k&keys=1,/a?keys=1",
                "/a?x&key=k&&y,/a?x&&y",
                "/a?ke%zz=1&key=k,/a?ke%zz=1"
            })
    void takesTheKeyOutOfTheQueryAndLeavesTheRest(String target, String rest) {
        Request request = Requests.get(target).build();
        KeyLocation in = new KeyLocation.Query("key");

        assertThat(in.keys(request)).containsExactly("k");
        assertThat(in.without(request).target()).hasToString(rest);
    }

    @Test
    void decodesTheKeyInTheQuery() {
        Request request = Requests.get("/?key=a%2Bb%20c").build();

        assertThat(new KeyLocation.Query("key").keys(request)).containsExactly("a+b c");
    }

    @Test
    void takesTheKeyOutOfTheCookiesAndLeavesTheRest() {
        Request request = Requests.get("/")
                .header("cookie", "a=1; key=k; b=2=2")
                .header("cookie", "c=3")
                .build();
        KeyLocation in = new KeyLocation.Cookie("key");

        assertThat(in.keys(request)).containsExactly("k");
        assertThat(in.without(request).headers().all("cookie")).containsExactly("a=1; b=2=2", "c=3");
    }

    @Test
    void sendsNoCookieHeaderWhereTheKeyWasTheOnlyCookie() {
        Request request = Requests.get("/").header("cookie", "key=k").build();

        assertThat(new KeyLocation.Cookie("key").without(request).headers().has("cookie"))
                .isFalse();
    }

    @Test
    void findsNothingWhereNothingIs() {
        Request request = Requests.get("/").header("cookie", "a=1; keys=2; key").build();

        assertThat(new KeyLocation.Header("x-api-key").keys(request)).isEmpty();
        assertThat(new KeyLocation.Query("key").keys(request)).isEmpty();
        assertThat(new KeyLocation.Cookie("key").keys(request)).isEmpty();
        assertThat(new KeyLocation.Query("key").without(request)).isSameAs(request);
    }

    @Test
    void findsAllThatAreThere() {
        Request request = Requests.get("/?key=1&key=2")
                .header("x-api-key", "1")
                .header("X-Api-Key", "2")
                .header("cookie", "key=1")
                .header("cookie", "key=2")
                .build();

        assertThat(new KeyLocation.Header("x-api-key").keys(request)).containsExactly("1", "2");
        assertThat(new KeyLocation.Query("key").keys(request)).containsExactly("1", "2");
        assertThat(new KeyLocation.Cookie("key").keys(request)).containsExactly("1", "2");
    }
}
