package dev.sallyport.kernel.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatchConditionTest {

    @Test
    void holdsAlwaysWithoutMatches() {
        assertThat(MatchCondition.anyOf(List.of()).isAlways()).isTrue();
        assertThat(MatchCondition.allOf(List.of(List.of(), List.of())).isAlways())
                .isTrue();
        assertThat(MatchCondition.anyOf(List.of(Matches.paths("/a"), Matches.paths()))
                        .isAlways())
                .isTrue();
    }

    @Test
    void holdsWhenAnyMatchHolds() {
        MatchCondition condition = MatchCondition.anyOf(List.of(Matches.paths("/a/**"), Matches.methods("PUT")));

        assertThat(holds(condition, "GET", "/a/b")).isTrue();
        assertThat(holds(condition, "PUT", "/x")).isTrue();
        assertThat(holds(condition, "GET", "/x")).isFalse();
    }

    @Test
    void holdsWhenAMatchOfEachListHolds() {
        MatchCondition condition = MatchCondition.allOf(
                List.of(List.of(Matches.paths("/a/**")), List.of(), List.of(Matches.methods("PUT"))));

        assertThat(holds(condition, "PUT", "/a")).isTrue();
        assertThat(holds(condition, "GET", "/a")).isFalse();
        assertThat(holds(condition, "PUT", "/b")).isFalse();
    }

    @Test
    void asksAllConditionsOfAMatch() {
        MatchCondition condition = MatchCondition.anyOf(List.of(Matches.of(
                List.of("*.example.com"), List.of("/a"), List.of("GET"), Map.of("X-A", "1"), Map.of("q", "a b"))));
        RequestTarget target = RequestTarget.parse("/a?q=a+b");

        assertThat(condition.holds("HEAD", "api.EXAMPLE.com:1", target, Headers.of("x-a", "1")))
                .isTrue();
        assertThat(condition.holds("GET", "example.com", target, Headers.of("x-a", "1")))
                .isFalse();
        assertThat(condition.holds("GET", "api.example.com", target, Headers.of("x-a", "2")))
                .isFalse();
        assertThat(condition.holds("GET", "api.example.com", target, Headers.empty()))
                .isFalse();
        assertThat(condition.holds("POST", "api.example.com", target, Headers.of("x-a", "1")))
                .isFalse();
        assertThat(condition.holds("GET", "api.example.com", RequestTarget.parse("/a?q=b"), Headers.of("x-a", "1")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x y", "connection", "TE", "Upgrade", "a:"})
    void refusesHeaderThatNeverMatches(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> MatchSyntax.checkHeaderName(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "get", "GET,POST", "Post"})
    void refusesWhatIsNoMethod(String method) {
        assertThatIllegalArgumentException().isThrownBy(() -> MatchSyntax.checkMethod(method));
    }

    private static boolean holds(MatchCondition condition, String method, String path) {
        return condition.holds(method, "localhost", RequestTarget.parse(path), Headers.empty());
    }
}
