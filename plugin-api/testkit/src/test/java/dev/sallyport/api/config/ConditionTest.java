package dev.sallyport.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import org.junit.jupiter.api.Test;

final class ConditionTest {

    private final Request request = ExpressionTableTest.request();

    @Test
    void holdsWhereItIsTrueAndOnlyThere() {
        assertThat(Condition.parse("method == 'POST'").holds(request)).isTrue();
        assertThat(Condition.parse("method == 'GET'").holds(request)).isFalse();
        assertThat(Condition.parse("claims.admin").holds(request)).isTrue();
        assertThat(Condition.parse("claims.sub").holds(request)).isFalse();
        assertThat(Condition.parse("claims.none").holds(request)).isFalse();
    }

    @Test
    void judgesResponses() {
        Condition failed = Condition.parse("response.status >= 500", Sight.RESPONSE);

        assertThat(failed.holds(request, Response.of(502))).isTrue();
        assertThat(failed.holds(request, Response.of(200))).isFalse();
    }

    @Test
    void refusesWhatIsNeitherTrueNorFalse() {
        assertThatExceptionOfType(ExpressionException.class)
                .isThrownBy(() -> Condition.parse("header.x-debug"))
                .withMessage("header.x-debug (expected: a condition, not a text at column 1); compare it:"
                        + " header.x-debug == …, or ask whether it is there: has(header.x-debug)");
    }

    @Test
    void tellsWhatItReads() {
        assertThat(Condition.parse("header.x-key == header.none || header.x-key == 'a'")
                        .read(request))
                .hasToString("{header.x-key=k-1, header.none=null}");
    }
}
