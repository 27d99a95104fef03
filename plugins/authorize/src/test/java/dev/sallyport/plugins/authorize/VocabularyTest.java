package dev.sallyport.plugins.authorize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cel.runtime.CelEvaluationException;
import dev.sallyport.api.Attempt;
import dev.sallyport.api.Attribute;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Request;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An expression of the gateway's language is a condition here too, and means the same: CEL judges it by an implementation that
 * has nothing in common with the gateway's.
 */
final class VocabularyTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-26T14:50:00Z"), ZoneOffset.UTC);

    private final Request request = request();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "method == 'POST' && scheme == 'https' && host == 'api.example.com'",
                "path == '/orders/7' && path.id == '7' && path.id != '8'",
                "path.startsWith('/orders/') && path.matches('^/orders/[0-9]+$') && path.contains('s/7')",
                "uri == '/orders/7?page=2&page=3&flag'",
                "query.page == '2' && query.flag == ''",
                "int(query.page) > 1 && int(query.page) < 2",
                "header.accept == 'text/html, a/b' && header['accept'].endsWith('b')",
                "cookie.sid == 's1' && cookie.theme == 'dark'",
                "protocol == 'HTTP/2' && listener == 'web' && route == 'orders' && requestId == '0198'",
                "client.address.inCidr('203.0.113.0/24') || client.address == '10.0.0.1'",
                "tls.protocol == 'TLSv1.3' && tls.serverName == 'api.example.com'",
                "authenticated && consumer == 'ada' && consumer.name == 'ada'",
                "consumer.tier == 'gold' && consumer.tags.tier == 'gold'",
                "'partners' in consumer.groups && !('x' in consumer.groups)",
                "consumer.groups.join('+') == 'partners+staff' && size(consumer.groups) == 2",
                "claims.sub == 'u1' && claims.level > 2 && claims.level == 3.0",
                "claims.address.city == 'Wien' && claims['sub'] != 'x'",
                "'admin' in claims.roles && claims.roles[1] == 'auditor'",
                "claims.admin && !claims.locked",
                "attempt.number == 2 && attempt.upstream == 'orders'",
                "elapsedMillis >= 0",
                "now.getHours() == 14 && now.getDayOfWeek('Europe/Berlin') == 4",
                "now < timestamp('2027-01-01T00:00:00Z')",
                "method.lowerAscii() == 'post' && ' a '.trim() == 'a' && 'b'.upperAscii() == 'B'",
                "path.split('/')[1] == 'orders' && path.replace('/', '.') == '.orders.7'",
                "method.substring(1) == 'OST' && method.substring(1, 3) == 'OS' && method.substring(2, 9) == 'ST'",
                "consumer.sha256().substring(0, 4) == '4f4c' || consumer.sha256().size() == 64",
                "(method == 'GET' ? query.page : path.id) == '7'",
                "[method, route] == ['POST', 'orders'] && method in ['GET', 'POST']",
                "true || false && false",
                "'it' == \"it\" && '\\u00e9' == 'é' && r'\\d' == '\\\\d'",
            })
    void meansTheSame(String text) throws Exception {
        assertSame(text);
    }

    @Test
    void meansTheSameWhateverItIs() throws Exception {
        Random random = new Random(42);
        int[] held = new int[2];
        for (int i = 0; i < 2_000; i++) {
            held[assertSame(new Conditions(random).condition(4)) ? 1 : 0]++;
        }
        assertThat(held[0]).isGreaterThan(500);
        assertThat(held[1]).isGreaterThan(500);
    }

    /** Here it refuses, as all that cannot be told; there it is decided, and never true of what has to be something. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "header.none == 'x'",
                "header.none != 'x'",
                "query.none in ['x']",
                "claims.none == 'x'",
                "consumer.none != 'x'",
                "path.none == 'x'",
                "cookie.none.startsWith('')",
                "int(path) == 1",
            })
    void failsWhereAValueIsAbsent(String text) {
        assertThatThrownBy(() -> Condition.parse(text).holds(request, CLOCK))
                .isInstanceOf(CelEvaluationException.class);
    }

    private boolean assertSame(String text) throws Exception {
        boolean here = Condition.parse(text).holds(request, CLOCK);
        boolean there = dev.sallyport.api.config.Condition.parse(text).holds(request);

        assertThat(here).as(text).isEqualTo(there);
        return here;
    }

    private static Request request() {
        FakeExchange exchange = FakeExchange.builder()
                .id("0198")
                .listener("web")
                .route("orders")
                .parameter("id", "7")
                .scheme("https")
                .protocol("HTTP/2")
                .client("203.0.113.9")
                .tls(new Exchange.Tls("TLSv1.3", "TLS_AES_128_GCM_SHA256", "api.example.com", List.of()))
                .consumer(new Consumer("ada", List.of("partners", "staff"), Map.of("tier", "gold")))
                .attempt(new Attempt(2, "orders", URI.create("http://127.0.0.1:9001")))
                .clock(CLOCK)
                .build();
        exchange.put(
                Attribute.of("jwt-claims", Map.class),
                Map.of(
                        "sub",
                        "u1",
                        "level",
                        3,
                        "admin",
                        true,
                        "locked",
                        false,
                        "roles",
                        List.of("admin", "auditor"),
                        "address",
                        Map.of("city", "Wien")));
        return Requests.of("POST", "/orders/7?page=2&page=3&flag")
                .header("host", "API.example.com:8443")
                .header("accept", "text/html")
                .header("accept", "a/b")
                .header("cookie", "sid=s1; theme=dark; sid=s2")
                .exchange(exchange)
                .build();
    }

    /** Conditions of the request's names, made by chance, each part of the kind that is needed. */
    private record Conditions(Random random) {

        private static final List<String> TEXTS = List.of(
                "method",
                "scheme",
                "host",
                "path",
                "path.id",
                "uri",
                "query.page",
                "query.flag",
                "header.accept",
                "cookie.sid",
                "protocol",
                "listener",
                "route",
                "requestId",
                "client.address",
                "tls.cipher",
                "consumer",
                "consumer.tier",
                "consumer.name",
                "consumer.tags.tier",
                "'orders'",
                "\"7\"",
                "''",
                "'a,b'",
                "'POST'",
                "' x '",
                "claims.sub",
                "attempt.target");

        String condition(int depth) {
            if (depth == 0) {
                return pick("true", "false", "authenticated", "claims.admin", "claims.locked");
            }
            int next = depth - 1;
            return switch (random.nextInt(12)) {
                case 0 -> "!" + condition(0);
                case 1 -> "(" + condition(next) + " && " + condition(next) + ")";
                case 2 -> "(" + condition(next) + " || " + condition(next) + ")";
                case 3 -> "(" + condition(next) + " ? " + condition(next) + " : " + condition(next) + ")";
                case 4 -> text(next) + pick(" == ", " != ", " < ", " <= ", " > ", " >= ") + text(next);
                case 5 -> number(next) + pick(" == ", " != ", " < ", " <= ", " > ", " >= ") + number(next);
                case 6 -> "(" + text(next) + " in " + list(next) + ")";
                case 7 -> text(next) + pick(".startsWith(", ".endsWith(", ".contains(") + text(next) + ")";
                case 8 ->
                    random.nextInt(4) == 0
                            ? "client.address.inCidr('" + pick("203.0.113.0/24", "203.0.113.9", "10.0.0.0/8", "::/0")
                                    + "')"
                            : text(next) + pick(".matches('o.*')", ".matches('^[A-Z]+$')", ".matches('')");
                case 9 -> "(" + list(next) + pick(" == ", " != ") + list(next) + ")";
                case 10 -> condition(next) + pick(" && ", " || ") + condition(next);
                default -> "!(" + condition(next) + ")";
            };
        }

        private String text(int depth) {
            if (depth <= 0 || random.nextInt(3) == 0) {
                return TEXTS.get(random.nextInt(TEXTS.size()));
            }
            int next = depth - 1;
            return switch (random.nextInt(6)) {
                case 0 -> text(next) + pick(".lowerAscii()", ".upperAscii()", ".trim()", ".sha256()");
                case 1 -> text(next) + ".replace(" + text(0) + ", " + text(0) + ")";
                case 2 -> text(next) + pick(".substring(0)", ".substring(1)", ".substring(0, 2)", ".substring(3, 40)");
                case 3 -> "(" + condition(next) + " ? " + text(next) + " : " + text(next) + ")";
                case 4 -> list(next) + ".join(" + text(0) + ")";
                default -> "string(" + number(next) + ")";
            };
        }

        private String number(int depth) {
            return depth <= 0 || random.nextBoolean()
                    ? pick(
                            "0",
                            "1",
                            "7",
                            "-2",
                            "3",
                            "int(query.page)",
                            "int(path.id)",
                            "attempt.number",
                            "now.getHours()")
                    : pick("size(" + text(depth - 1) + ")", list(depth - 1) + ".size()", text(depth - 1) + ".size()");
        }

        private String list(int depth) {
            return switch (random.nextInt(4)) {
                case 0 -> "consumer.groups";
                case 1 -> "[" + text(depth - 1) + ", " + text(depth - 1) + "]";
                case 2 -> text(depth - 1) + ".split('" + pick("/", ",", "o", "") + "')";
                default -> pick("['POST', 'orders']", "['partners', 'staff']", "['7']");
            };
        }

        private String pick(String... of) {
            return of[random.nextInt(of.length)];
        }
    }
}
