package dev.sallyport.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.Request;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ExpressionTest {

    private static final List<String> PIECES = List.of(
            "method",
            "header.x-key",
            "claims.roles",
            "query[\"a\"]",
            "consumer",
            "1",
            "2.5",
            "\"a\"",
            "'b'",
            "true",
            "[",
            "]",
            "(",
            ")",
            ".",
            ",",
            "&&",
            "||",
            "!",
            "==",
            "!=",
            "<",
            ">=",
            " in ",
            "?",
            ":",
            "-",
            "{",
            "}",
            "$1",
            "size(",
            "has(",
            ".startsWith(",
            ".matches(\"a+\")",
            ".split(\",\")",
            "[0]",
            ".orValue(",
            "\\",
            "\"",
            "'",
            "r\"",
            " ",
            "\n",
            "é",
            "\0",
            "null",
            "99999999999999999999",
            "header",
            "x.y.z",
            ".replace(\"\",\"aaaa\")",
            "int(",
            ".substring(0, 2)");

    private final Request request = ExpressionTableTest.request();

    @Test
    void isEqualWhereTheTextIs() {
        Expression one = Expression.parse("header.x");

        assertThat(one).isEqualTo(Expression.parse("header.x")).hasSameHashCodeAs(Expression.parse("header.x"));
        assertThat(one).isNotEqualTo(Expression.parse("header.y")).hasToString("header.x");
    }

    @Test
    void tellsTheNamesThatItReads() {
        assertThat(Expression.parse("has(consumer) ? consumer.tier : header[\"a.b\"].orValue(claims.a.b)")
                        .names())
                .containsExactly("consumer", "consumer.tier", "header.a.b", "claims.a");
    }

    @Test
    void boundsLengthAndDepth() {
        assertThatExceptionOfType(ExpressionException.class)
                .isThrownBy(() -> Expression.parse("true || ".repeat(300) + "true"))
                .withMessageContaining("2000 characters at most");
        for (String opening : List.of("(", "!", "[", "true ? true : ", "size(")) {
            assertThatExceptionOfType(ExpressionException.class)
                    .isThrownBy(() -> Expression.parse(opening.repeat(100)))
                    .withMessageContaining("at most 50 levels");
        }
        assertThat(Expression.parse("!".repeat(40) + "true").value(request)).isEqualTo("true");
    }

    @Test
    void theLongestChainsAreEvaluatedWithAFlatStack() {
        assertThat(Expression.parse("true && ".repeat(240) + "true").value(request))
                .isEqualTo("true");
        assertThat(Expression.parse("method" + ".trim()".repeat(280)).value(request))
                .isEqualTo("POST");
    }

    @Test
    void whatARequestMakesLongIsAbsent() {
        Request large = Requests.get("/").header("x", "a".repeat(8_000)).build();
        String longer = ".replace(\"a\", \"aaaaaaaa\")";

        assertThat(Expression.parse("header.x" + longer).value(large)).hasSize(64_000);
        assertThat(Expression.parse("header.x" + longer + longer + longer).value(large))
                .isNull();
    }

    @Test
    void nothingIsThereBeforeARouteAConsumerAndATokenAre() {
        Request bare = Requests.get("/")
                .exchange(FakeExchange.builder().route(null).build())
                .build();

        for (String name : List.of(
                "route",
                "consumer",
                "consumer.name",
                "consumer.groups",
                "consumer.tier",
                "claims.sub",
                "attempt.number",
                "tls.protocol",
                "tls.serverName",
                "client.certificate.subject",
                "client.certificate.names")) {
            assertThat(Expression.parse(name).value(bare)).as(name).isNull();
        }
        assertThat(Expression.parse("authenticated").value(bare)).isEqualTo("false");
    }

    @Test
    void anyTextIsReadOrRefusedAndWhatIsReadHasAValueOrNone() {
        Random random = new Random(20261126);
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int pieces = 1 + random.nextInt(7); pieces > 0; pieces--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            Sight sight = Sight.values()[random.nextInt(Sight.values().length)];
            try {
                Expression.parse(text.toString(), sight).value(request, null, name -> name);
                read++;
            } catch (ExpressionException refused) {
                assertThat(refused.column()).isBetween(1, text.length() + 1);
            }
            try {
                Template.parse(text.toString(), sight).fill(request, null, name -> name, Escapes::field);
            } catch (ExpressionException refused) {
                assertThat(refused.column()).isBetween(1, text.length() + 1);
            }
        }
        assertThat(read).isGreaterThan(500);
    }
}
