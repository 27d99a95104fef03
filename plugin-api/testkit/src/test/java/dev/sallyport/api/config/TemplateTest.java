package dev.sallyport.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TemplateTest {

    private final Request request = ExpressionTableTest.request();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "plain                                  | plain",
                "{client.address}                       | 203.0.113.9",
                "for={client.address};host={host}       | for=203.0.113.9;host=api.example.com",
                "{{{method}}}                           | {POST}",
                "{{}}                                   | {}",
                "a{{b}}c                                | a{b}c",
                "{ method }                             | POST",
                "{method == \"POST\" ? \"}\" : \"{\"}   | }",
                "{header.none.orValue(\"{}\")}          | {}",
                "{method}{method}                       | POSTPOST",
                "{[1, 2]}                               | 1,2",
                "$1 costs $$5                           | $1 costs $$5"
            })
    void isFilled(String text, String filled) {
        assertThat(Template.parse(text).fill(request, Escapes::plain)).isEqualTo(filled);
    }

    @Test
    void isAbsentWhereOneOfItsExpressionsIs() {
        assertThat(Template.parse("a {header.none} b").fill(request, Escapes::plain))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{              | 2 | a value",
                "a {method      | 10 | } or an operator",
                "a } b          | 3 | write }} for a brace itself",
                "{}             | 2 | a value",
                "x {clent.address} | 4 | did you mean client.address?",
                "{method} {\"a} | 11 | close it",
                "{response.status} | 2 | the response is not there yet",
                "{$1}           | 2 | a value or an operator"
            })
    void tellsTheColumnInTheWholeText(String text, int column, String told) {
        assertThatExceptionOfType(ExpressionException.class)
                .isThrownBy(() -> Template.parse(text))
                .withMessageStartingWith(text + " (expected: ")
                .withMessageContaining(told)
                .satisfies(e -> assertThat(e.column()).isEqualTo(column));
    }

    @Test
    void readsGroupsWhereThereIsAMatch() {
        Groups groups = Map.of("1", "v2", "rest", "a/b")::get;

        assertThat(filled("/$1/{rest}-{$1.upperAscii()}-{path.id}$$$2x", groups))
                .isNull();
        assertThat(filled("/$1/{rest}-{$1.upperAscii()}-{path.id}$$", groups)).isEqualTo("/v2/a/b-V2-7/8$");
        assertThat(filled("{host}", groups)).isEqualTo("api.example.com");
    }

    private String filled(String text, Groups groups) {
        return Template.parse(text, Sight.MATCH).fill(request, null, groups, Escapes::plain);
    }

    @Test
    void readsTheResponseWhereThereIsOne() {
        Template template = Template.parse("{response.status} {route}", Sight.RESPONSE);

        assertThat(template.seesResponse()).isTrue();
        assertThat(template.names()).containsExactly("response.status", "route");
        assertThat(template.fill(request, Response.of(204), null, Escapes::plain))
                .isEqualTo("204 orders");
    }

    @Test
    void aValueStaysOneValueWhereItGoes() {
        String sent = "a b\r\nx: y/../?&=#%é\u0000\"";

        assertThat(Escapes.field(Expression.parse("path"), sent)).isEqualTo("a b%0D%0Ax: y/../?&=#%%C3%A9%00\"");
        assertThat(Escapes.segment(sent)).isEqualTo("a%20b%0D%0Ax:%20y%2F..%2F%3F&=%23%25%C3%A9%00%22");
        assertThat(Escapes.query(sent)).isEqualTo("a%20b%0D%0Ax:%20y/../%3F%26%3D%23%25%C3%A9%00%22");
        assertThat(Escapes.segment("plain-1")).isSameAs("plain-1");
    }
}
