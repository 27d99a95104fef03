package dev.sallyport.plugins.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpDatesTest {

    private static final long MOMENT = Instant.parse("1994-11-06T08:49:37Z").toEpochMilli();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
                " sun, 06 nov 1994 08:49:37 gmt ",
                "Mon, 06 Nov 1994 08:49:37 GMT",
                "Tue Nov  6 08:49:37 1994"
            })
    void readsTheThreeFormsWhateverTheDayOfTheWeek(String text) {
        assertThat(HttpDates.parse(text)).isEqualTo(MOMENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "-1",
                "06 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:37 CET",
                "Sun, 31 Feb 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 25:49:37 GMT",
                "Xyz, 06 Nov 1994 08:49:37 GMT",
                "Sun, 6 Nov 1994",
                "Sun"
            })
    void takesNothingElseForADate(String text) {
        assertThat(HttpDates.parse(text)).isNull();
    }

    @Test
    void writesTheOneFormThatIsWritten() {
        assertThat(HttpDates.format(MOMENT)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
