package dev.sallyport.plugins.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.ConfigException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GivenTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:34:56Z");

    @ParameterizedTest
    @CsvSource({
        "'', 2026-03-01T11:35:00Z, 2026-03-01T12:35:00Z",
        "last=5m, 2026-03-01T12:30:00Z, 2026-03-01T12:35:00Z",
        "last=1s, 2026-03-01T12:34:00Z, 2026-03-01T12:35:00Z",
        "from=2026-03-01T06:00:30Z, 2026-03-01T06:00:00Z, 2026-03-01T12:35:00Z",
        "from=2026-03-01T07:00:00+01:00 to=2026-03-01T07:00:00Z, 2026-03-01T06:00:00Z, 2026-03-01T07:00:00Z",
        "last=1d to=2026-03-01T00:00:00Z, 2026-02-28T00:00:00Z, 2026-03-01T00:00:00Z",
    })
    void aSpanIsOfWholeMinutes(String given, Instant start, Instant end) {
        Given.Span span = new Given(values(given), NOW).span();

        assertThat(span.start()).isEqualTo(start);
        assertThat(span.end()).isEqualTo(end);
    }

    @ParameterizedTest
    @CsvSource({
        "from=yesterday, from, a time with its offset",
        "to=2026-03-01, to, a time with its offset",
        "last=1 hour, last, a duration",
        "last=1h from=2026-03-01T06:00:00Z, last, one of both",
        "from=2026-03-01T06:00:00Z to=2026-03-01T05:00:00Z, from, before to",
        "every=7m, every, divide a day",
        "every=30s, every, divide a day",
        "every=1m last=31d groupBy=route limit=1000, every, at most 25000 together",
        "to=+999999999-12-31T00:00:00Z, to, a time from 1970 to 9999",
        "from=0001-01-01T00:00:00Z, from, a time from 1970 to 9999",
        "last=99999999d, last, at most 36525d",
        "status=abc, status, a status such as 502",
        "status=99, status, a status such as 502",
        "class=9zz, class, 1xx",
        "class=6xx, class, 1xx",
        "orderBy=size, orderBy, 'one of [count, errors, bytes, p99]'",
        "limit=0, limit, 1 to 1000",
        "limit=1001, limit, 1 to 1000",
        "limit=99999999999, limit, 1 to 1000",
        "groupBy=rout, groupBy, 'one of [route, consumer, status, class, client]'",
        "'groupBy=route,', groupBy, 'one of [route, consumer, status, class, client]'",
    })
    void whatIsNotUnderstoodIsRefusedWithItsNameAndTheMend(String given, String name, String mend) {
        assertThatThrownBy(() -> new Usage(new Given(values(given), NOW)))
                .isInstanceOfSatisfying(ConfigException.class, e -> {
                    assertThat(e.key()).isEqualTo(name);
                    assertThat(e.reason()).contains(mend);
                });
    }

    private static Map<String, String> values(String given) {
        Map<String, String> values = new HashMap<>();
        for (String pair : given.split(" (?=\\w+=)", -1)) {
            if (!pair.isEmpty()) {
                values.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
        }
        return values;
    }
}
