package dev.sallyport.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Request;
import dev.sallyport.testkit.Requests;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AccessTest {

    private static final Map<String, Object> ALICE = Map.of(
            "sub",
            "alice",
            "scope",
            "orders:read orders:write",
            "scp",
            List.of("profile"),
            "realm_access",
            Map.of("roles", List.of("clerk", "admin")));

    private static Access judged(Map<String, Object> claims, String naming, List<String> scopes, Claims rules) {
        return Access.of(claims, naming, name -> "id#" + name, scopes, rules);
    }

    @Test
    void grantsWhatScopesAndClaimsAllow() {
        Claims rules = new Claims(Map.of("realm_access.roles", List.of("admin", "root")), Map.of());

        Access access = judged(ALICE, "sub", List.of("profile", "orders:write"), rules);

        assertThat(access).isEqualTo(new Access.Granted("id#alice", List.of()));
    }

    @Test
    void saysWhatIsLacking() {
        Claims rules = new Claims(Map.of("realm_access.roles", "root"), Map.of());

        assertThat(judged(ALICE, "sub", List.of("orders:delete"), rules))
                .isEqualTo(new Access.Lacking("id#alice", null));
        assertThat(judged(ALICE, "sub", List.of(), rules))
                .isEqualTo(new Access.Lacking("id#alice", "realm_access.roles"));
    }

    @Test
    void knowsNobodyByAClaimThatIsNotOneText() {
        assertThat(judged(ALICE, "email", List.of(), Claims.NONE)).isEqualTo(new Access.Unnamed());
        assertThat(judged(ALICE, "realm_access.roles", List.of(), Claims.NONE)).isEqualTo(new Access.Unnamed());
        assertThat(judged(Map.of("sub", ""), "sub", List.of(), Claims.NONE)).isEqualTo(new Access.Unnamed());
    }

    @Test
    void tellsTheUpstreamOnlyWhatAHeaderCanCarry() {
        Map<String, Object> claims =
                Map.of("sub", "alice", "groups", List.of("a", "b"), "two", List.of("a,b", "c"), "line", "a\r\nb: c");
        Claims rules = new Claims(
                Map.of(),
                Map.of("x-user", "sub", "x-groups", "groups", "x-two", "two", "x-line", "line", "x-no", "no"));
        Request forged = Requests.get("/")
                .header("x-user", "root")
                .header("x-two", "root")
                .header("x-line", "root")
                .header("x-no", "root")
                .build();

        Request told = ((Access.Granted) judged(claims, "sub", List.of(), rules)).tell(forged);

        assertThat(told.header("x-user")).isEqualTo("alice");
        assertThat(told.header("x-groups")).isEqualTo("a, b");
        assertThat(told.header("x-two")).isNull();
        assertThat(told.header("x-line")).isNull();
        assertThat(told.header("x-no")).isNull();
    }
}
