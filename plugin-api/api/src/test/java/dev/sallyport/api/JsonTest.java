package dev.sallyport.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JsonTest {

    @Test
    void writesEachShape() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("text", "a\"b\\c");
        object.put("number", 1.5);
        object.put("notFinite", Double.NaN);
        object.put("bool", true);
        object.put("nothing", null);
        object.put("list", Arrays.asList(1, "two", null, List.of()));
        object.put("map", Map.of("k", 1L));

        assertThat(Json.write(object))
                .isEqualTo(
                        "{\"text\":\"a\\\"b\\\\c\",\"number\":1.5,\"notFinite\":null,\"bool\":true,\"nothing\":null,\"list\":[1,\"two\",null,[]],\"map\":{\"k\":1}}");
    }

    @Test
    void escapesWhatWouldBreakALineOrATerminal() {
        assertThat(Json.write(Map.of("k", "\r\n\t\0\u001b\u007f\u009b\u2028\ud800é😀")))
                .isEqualTo("{\"k\":\"\\r\\n\\t\\u0000\\u001b\\u007f\\u009b\\u2028\\ud800é😀\"}");
    }
}
