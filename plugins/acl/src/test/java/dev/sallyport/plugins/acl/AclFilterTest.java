package dev.sallyport.plugins.acl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.plugins.acl.AclConfig.Unidentified;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AclFilterTest {

    private static final Consumer PARTNER = new Consumer("mobile", List.of("partners"), Map.of());

    private final FakeContext context = FakeContext.create();
    private final FakeNext next = FakeNext.ok();
    private FakeExchange exchange = FakeExchange.create();

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void allowsWhatARuleAllows() throws Exception {
        Response response = ask(allowing(groups("staff"), groups("partners")), PARTNER, Map.of());

        assertThat(response.status()).isEqualTo(200);
        assertThat(exchange.notes()).containsEntry("allowed", "groups partners");
    }

    @Test
    void answers403WhereNoRuleAllowsIt() throws Exception {
        Response response = ask(allowing(groups("staff")), PARTNER, Map.of());

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.body().text(1_000))
                .contains("urn:sallyport:problem:access-denied")
                .doesNotContain("staff");
        assertThat(response.headers().has("www-authenticate")).isFalse();
        assertThat(exchange.notes()).containsEntry("refused", "no rule allows it");
        assertThat(next.calls()).isZero();
    }

    @Test
    void denyBeatsAllow() throws Exception {
        AclConfig config = new AclConfig(
                List.of(groups("partners")), List.of(consumers("mobile")), Unidentified.REFUSE, "jwt-claims");

        Response response = ask(config, PARTNER, Map.of());

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:access-denied");
        assertThat(exchange.notes()).containsEntry("refused", "denied: consumers mobile");
    }

    @Test
    void letsAllOthersPassWhereNothingIsSaidToBeAllowed() throws Exception {
        AclConfig config = new AclConfig(List.of(), List.of(consumers("web")), Unidentified.REFUSE, "jwt-claims");

        assertThat(ask(config, PARTNER, Map.of()).status()).isEqualTo(200);
        assertThat(ask(config, new Consumer("web"), Map.of()).status()).isEqualTo(403);
    }

    @Test
    void refusesARequestOfNobodyEvenWhereNothingDeniesIt() throws Exception {
        AclConfig config = new AclConfig(List.of(), List.of(groups("x")), Unidentified.REFUSE, "jwt-claims");

        Response response = ask(config, null, Map.of("scope", "a"));

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:caller-unidentified");
        assertThat(exchange.notes()).containsEntry("refused", "unidentified");
        assertThat(next.calls()).isZero();
    }

    @Test
    void judgesARequestOfNobodyWhereAskedAsOneWithNothing() throws Exception {
        AclConfig config = new AclConfig(
                List.of(
                        scopes("a"),
                        methods("HEAD"),
                        new Rule(List.of(), List.of("g"), List.of(), Map.of(), List.of("GET"))),
                List.of(),
                Unidentified.JUDGE,
                "jwt-claims");

        assertThat(ask(config, null, Map.of("scope", "a")).status()).isEqualTo(403);
        assertThat(filter(config)
                        .handle(Requests.of("HEAD", "/").build(), FakeNext.ok())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void allConditionsOfARuleMustHold() throws Exception {
        AclConfig config = allowing(new Rule(
                List.of("mobile"), List.of("partners"), List.of("read"), Map.of("tier", "gold"), List.of("GET")));

        assertThat(ask(config, PARTNER, Map.of("scope", "read", "tier", "gold")).status())
                .isEqualTo(200);
        assertThat(ask(config, PARTNER, Map.of("scope", "read")).status()).isEqualTo(403);
        assertThat(ask(config, PARTNER, Map.of("tier", "gold")).status()).isEqualTo(403);
        assertThat(ask(config, new Consumer("mobile"), Map.of("scope", "read", "tier", "gold"))
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({"GET,200", "get,403", "POST,403"})
    void judgesTheMethod(String method, int status) throws Exception {
        exchange = FakeExchange.builder().consumer(PARTNER).build();

        Response response = filter(allowing(methods("GET", "HEAD")))
                .handle(Requests.of(method, "/").exchange(exchange).build(), next);

        assertThat(response.status()).isEqualTo(status);
    }

    @Test
    void readsScopesInEachFormThatProvidersSend() throws Exception {
        AclConfig config = allowing(scopes("orders:read"));

        assertThat(ask(config, PARTNER, Map.of("scope", "openid orders:read")).status())
                .isEqualTo(200);
        assertThat(ask(config, PARTNER, Map.of("scp", List.of("orders:read"))).status())
                .isEqualTo(200);
        assertThat(ask(config, PARTNER, Map.of("scope", "orders:readall")).status())
                .isEqualTo(403);
    }

    @Test
    void findsClaimsByPathAndInLists() throws Exception {
        AclConfig config = allowing(
                new Rule(List.of(), List.of(), List.of(), Map.of("realm.roles", List.of("clerk", "admin")), List.of()));

        assertThat(ask(config, PARTNER, Map.of("realm", Map.of("roles", List.of("x", "admin"))))
                        .status())
                .isEqualTo(200);
        assertThat(ask(config, PARTNER, Map.of("realm.roles", "clerk")).status())
                .isEqualTo(200);
        assertThat(ask(config, PARTNER, Map.of("realm", Map.of("roles", List.of("x"))))
                        .status())
                .isEqualTo(403);
        assertThat(ask(config, PARTNER, Map.of("realm", "roles")).status()).isEqualTo(403);
    }

    @Test
    void looksForClaimsWhereItIsTold() throws Exception {
        AclConfig config = new AclConfig(List.of(scopes("a")), List.of(), Unidentified.REFUSE, "other-claims");

        assertThat(ask(config, PARTNER, Map.of("scope", "a")).status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Partners", "partner", "partners "})
    void comparesLetterByLetter(String group) throws Exception {
        Consumer other = new Consumer("mobile", List.of(group), Map.of());

        assertThat(ask(allowing(groups("partners")), other, Map.of()).status()).isEqualTo(403);
    }

    private Response ask(AclConfig config, @Nullable Consumer consumer, Map<String, Object> claims) throws Exception {
        exchange = FakeExchange.create();
        if (consumer != null) {
            exchange.authenticated(consumer);
        }
        exchange.put(Attribute.of("jwt-claims", Map.class), claims);
        return filter(config)
                .handle(Requests.get("/").exchange(exchange).build(), next.calls() == 0 ? next : FakeNext.ok());
    }

    private Filter filter(AclConfig config) {
        return context.create(new AclFactory(), config);
    }

    private static AclConfig allowing(Rule... rules) {
        return new AclConfig(List.of(rules), List.of(), Unidentified.REFUSE, "jwt-claims");
    }

    private static Rule consumers(String... names) {
        return new Rule(List.of(names), List.of(), List.of(), Map.of(), List.of());
    }

    private static Rule groups(String... names) {
        return new Rule(List.of(), List.of(names), List.of(), Map.of(), List.of());
    }

    private static Rule scopes(String... names) {
        return new Rule(List.of(), List.of(), List.of(names), Map.of(), List.of());
    }

    private static Rule methods(String... names) {
        return new Rule(List.of(), List.of(), List.of(), Map.of(), List.of(names));
    }
}
