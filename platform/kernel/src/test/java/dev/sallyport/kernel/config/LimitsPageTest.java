package dev.sallyport.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.config.Default;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of limits names each limit of a listener, with the default that it has. */
class LimitsPageTest {

    private static final Pattern ROW = Pattern.compile("\\| `limits\\.([a-zA-Z0-9.]+)`[^|]*\\| `?([^|`]+?)`? \\|");

    @Test
    void namesEachLimitWithItsDefault() throws Exception {
        String page = Files.readString(Path.of("..", "..", "docs", "reference", "limits.md"));
        Map<String, String> written = ROW.matcher(page)
                .results()
                .filter(row -> !row.group(1).equals("inFlight"))
                .collect(Collectors.toMap(row -> row.group(1), (MatchResult row) -> row.group(2)));

        Map<String, String> expected = new TreeMap<>(defaults("", ListenerLimits.class));
        expected.putAll(defaults("http2.", ListenerLimits.Http2.class));
        expected.remove("http2");

        assertThat(written).containsExactlyInAnyOrderEntriesOf(expected);
    }

    private static Map<String, String> defaults(String prefix, Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents())
                .collect(Collectors.toMap(part -> prefix + part.getName(), LimitsPageTest::written));
    }

    private static String written(RecordComponent part) {
        Default value = part.getAnnotation(Default.class);
        return value == null ? "none" : value.value();
    }
}
