package dev.sallyport.plugins.authorize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cel.runtime.CelEvaluationException;
import dev.sallyport.api.Attribute;
import dev.sallyport.api.Consumer;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConditionTest {

    private static final Clock TUESDAY = Clock.fixed(Instant.parse("2026-11-24T09:30:00Z"), ZoneOffset.UTC);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "request.method == 'POST'",
                "request.scheme == 'https'",
                "request.host == 'api.example.com'",
                "request.path.startsWith('/orders/')",
                "request.path.matches('^/orders/[0-9]+$')",
                "request.query['page'] == ['2', '3']",
                "'3' in request.query['page'] && !('other' in request.query)",
                "request.query['flag'][0] == ''",
                "request.headers['x-role'] == 'user, admin'",
                "request.headers['cookie'] == 'a=1; b=2'",
                "has(request.headers.accept) && !has(request.headers.missing)",
                "client.address == '10.1.2.3'",
                "client.address.inCidr('10.0.0.0/8') && !client.address.inCidr('10.2.0.0/16')",
                "!client.address.inCidr('::/0')",
                "authenticated && consumer.name == 'mobile'",
                "'partners' in consumer.groups",
                "consumer.groups.exists(g, g.startsWith('part'))",
                "consumer.tags.tier == 'gold'",
                "claims.sub == 'u1' && claims.level >= 3 && claims.ratio < 1.0",
                "claims.realm_access.roles.exists(r, r == 'admin')",
                "claims.verified",
                "claims.nothing == null",
                "has(claims.sub) && !has(claims.other)",
                "route == 'orders'",
                "parameters.id == '7'",
                "now.getDayOfWeek() == 2 && now.getHours('Europe/Berlin') == 10",
                "now < timestamp('2027-01-01T00:00:00Z')",
                "int(parameters.id) + 1 == 8",
                "request.method == 'POST' || claims.missing == 'x'",
            })
    void isTrueOfARequest(String condition) throws Exception {
        assertThat(Condition.parse(condition).holds(request().build(), TUESDAY)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "consumer.name == 'x'",
                "consumer.name != 'x'",
                "!('x' in consumer.groups)",
                "consumer.tags.tier != 'gold'",
                "claims.sub == 'x'",
                "!has(claims.sub)",
                "!('sub' in claims)",
                "request.headers['missing'] == 'x'",
                "request.headers['missing'] != 'x'",
                "request.query['missing'][0] != 'x'",
                "parameters.missing != 'x'",
                "int(request.path) == 1",
                "1 / (size(request.path) - 1) == 0",
                "client.address.inCidr(request.path)",
            })
    void cannotBeToldWhereWhatItReadsIsNotThere(String condition) {
        assertThatThrownBy(
                        () -> Condition.parse(condition).holds(Requests.get("/").build(), TUESDAY))
                .isInstanceOf(CelEvaluationException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " | ",
            quoteCharacter = '`',
            value = {
                "request.method == | line 1, column ",
                "request.methd == 'GET' | column 1: undeclared reference to 'request.methd'; there are attempt.number",
                "client.adress == 'x' | undeclared reference to 'client.adress'; there are attempt.number,"
                        + " attempt.target",
                "request.method == 1 | column 16: found no matching overload for '_==_' applied to '(string, int)'",
                "request.method | expected type 'bool' but found 'string'",
                "request.method = 'GET' | line 1, column 1",
                "has(request.method) | line 1, column",
                "request.path.matches('(') | ( (expected: a regular expression of RE2): ",
                "client.address.inCidr('10.0.0.0/33') | '10.0.0.0/33' (expected: an address or a block such as",
                "client.address.inCidr('example.com') | 'example.com' (expected: an address or a block such as",
                "system('rm') | undeclared reference to 'system'",
            })
    void refusesWhatIsNoConditionAndNamesThePlace(String condition, String message) {
        assertThatThrownBy(() -> Condition.parse(condition))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void namesThePlaceOfSeveralLines() {
        assertThatThrownBy(() -> Condition.parse("request.method == 'GET' &&\n  claims.x &&\n  clam.y"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 3, column 3: undeclared reference to 'clam.y'");
    }

    @Test
    void worksNoLongerThanItMay() {
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            many.add("group-" + i);
        }
        FakeExchange exchange = FakeExchange.builder()
                .consumer(new Consumer("mobile", many, Map.of()))
                .build();
        Condition loops =
                Condition.parse("consumer.groups.all(a, consumer.groups.all(b, consumer.groups.all(c, a + b != c)))");

        assertThatThrownBy(
                        () -> loops.holds(Requests.get("/").exchange(exchange).build(), TUESDAY))
                .isInstanceOf(CelEvaluationException.class)
                .hasMessageContaining("teration");
    }

    @Test
    void isTooLongOrTooDeepToBeRead() {
        assertThatThrownBy(() -> Condition.parse("true" + " || true".repeat(2000)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Condition.parse("(".repeat(500) + "true" + ")".repeat(500)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Requests.Builder request() {
        Map<String, Object> claims = new HashMap<>(Map.of(
                "sub",
                "u1",
                "level",
                3,
                "ratio",
                0.5f,
                "verified",
                true,
                "realm_access",
                Map.of("roles", List.of("user", "admin"))));
        claims.put("nothing", null);
        FakeExchange exchange = FakeExchange.builder()
                .client("10.1.2.3")
                .route("orders")
                .scheme("https")
                .parameter("id", "7")
                .consumer(new Consumer("mobile", List.of("partners"), Map.of("tier", "gold")))
                .build();
        exchange.put(Attribute.of("jwt-claims", Map.class), claims);
        return Requests.of("POST", "/orders/7?page=2&page=%33&flag")
                .header("Host", "API.example.com:8080")
                .header("X-Role", "user")
                .header("x-role", "admin")
                .header("Cookie", "a=1")
                .header("Cookie", "b=2")
                .header("Accept", "*/*")
                .exchange(exchange);
    }
}
