package dev.sallyport.kernel.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.api.Request;
import dev.sallyport.api.config.Condition;
import dev.sallyport.kernel.config.GatewayConfig.When;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.testkit.Requests;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatchConditionTest {

    @Test
    void holdsAlwaysWithoutMatches() {
        assertThat(MatchCondition.anyOf(List.of()).isAlways()).isTrue();
        assertThat(MatchCondition.allOf(List.of(List.of(), List.of())).isAlways())
                .isTrue();
        assertThat(MatchCondition.anyOf(List.of(paths("/a"), paths())).isAlways())
                .isTrue();
    }

    @Test
    void holdsWhenAnyMatchHolds() {
        MatchCondition condition = MatchCondition.anyOf(List.of(paths("/a/**"), methods("PUT")));

        assertThat(holds(condition, "GET", "/a/b")).isTrue();
        assertThat(holds(condition, "PUT", "/x")).isTrue();
        assertThat(holds(condition, "GET", "/x")).isFalse();
    }

    @Test
    void holdsWhenAMatchOfEachListHolds() {
        MatchCondition condition =
                MatchCondition.allOf(List.of(List.of(paths("/a/**")), List.of(), List.of(methods("PUT"))));

        assertThat(holds(condition, "PUT", "/a")).isTrue();
        assertThat(holds(condition, "GET", "/a")).isFalse();
        assertThat(holds(condition, "PUT", "/b")).isFalse();
    }

    @Test
    void asksAllConditionsOfAMatch() {
        MatchCondition condition = MatchCondition.anyOf(List.of(when(
                null,
                List.of("*.example.com"),
                List.of("/a"),
                List.of("GET"),
                Map.of("X-A", "1"),
                Map.of("q", "a b"))));

        assertThat(condition.holds(request("HEAD", "api.EXAMPLE.com:1", "/a?q=a+b", "1")))
                .isTrue();
        assertThat(condition.holds(request("GET", "example.com", "/a?q=a+b", "1")))
                .isFalse();
        assertThat(condition.holds(request("GET", "api.example.com", "/a?q=a+b", "2")))
                .isFalse();
        assertThat(condition.holds(request("GET", "api.example.com", "/a?q=a+b", "")))
                .isFalse();
        assertThat(condition.holds(request("POST", "api.example.com", "/a?q=a+b", "1")))
                .isFalse();
        assertThat(condition.holds(request("GET", "api.example.com", "/a?q=b", "1")))
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

    @Test
    void asksTheExpressionToo() {
        MatchCondition condition = MatchCondition.anyOf(List.of(when(
                "query.q == 'b' && consumer.tier != 'gold'", List.of(), List.of("/a"), List.of(), Map.of(), Map.of())));

        assertThat(condition.isAlways()).isFalse();
        assertThat(holds(condition, "GET", "/a?q=b")).isTrue();
        assertThat(holds(condition, "GET", "/a?q=c")).isFalse();
        assertThat(holds(condition, "GET", "/b?q=b")).isFalse();
    }

    @Test
    void tellsWhyAnExpressionDoesNotHold() {
        MatchCondition condition = MatchCondition.anyOf(
                List.of(when("query.q == 'b' && has(consumer)", List.of(), List.of(), List.of(), Map.of(), Map.of())));

        String missed = condition.missed(request("GET", "localhost", "/?q=c", ""), shown -> shown);

        assertThat(missed)
                .isEqualTo("query.q == 'b' && has(consumer) is not true: query.q is \"c\", consumer is absent");
    }

    private static boolean holds(MatchCondition condition, String method, String target) {
        return condition.holds(request(method, "localhost", target, ""));
    }

    private static Request request(String method, String host, String target, String value) {
        Requests.Builder request = Requests.of(method, target).header("host", host);
        return (value.isEmpty() ? request : request.header("x-a", value)).build();
    }

    private static When paths(String... paths) {
        return when(null, List.of(), List.of(paths), List.of(), Map.of(), Map.of());
    }

    private static When methods(String... methods) {
        return when(null, List.of(), List.of(), List.of(methods), Map.of(), Map.of());
    }

    private static When when(
            @Nullable String condition,
            List<String> hosts,
            List<String> paths,
            List<String> methods,
            Map<String, String> headers,
            Map<String, String> query) {
        Condition expression = condition == null ? null : Condition.parse(condition);
        return new When(hosts, paths, methods, headers, query, expression, new Place("gateway.yaml", 1, 1));
    }
}
