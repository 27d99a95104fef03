package dev.sallyport.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JsonValuesTest {

    @Test
    void copiesToTypesOfTheJdkThatNobodyCanChange() {
        Map<String, Object> inner = new HashMap<>(Map.of("list", new ArrayList<>(List.of("a"))));
        Map<String, Object> parsed = new HashMap<>(Map.of("inner", inner));
        parsed.put("none", null);

        Map<String, Object> copy = JsonValues.object(parsed);
        inner.clear();

        assertThat(copy).containsEntry("inner", Map.of("list", List.of("a"))).containsEntry("none", null);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> ((Map<?, ?>) copy.get("inner")).clear());
    }

    @Test
    void findsANameThatHasDotsBeforeAPath() {
        Map<String, Object> claims = Map.of("a.b", "direct", "a", Map.of("b", "inner", "c", "deep"), "x", "text");

        assertThat(JsonValues.find(claims, "a.b")).isEqualTo("direct");
        assertThat(JsonValues.find(claims, "a.c")).isEqualTo("deep");
        assertThat(JsonValues.find(claims, "x.y")).isNull();
    }

    @Test
    void takesTextsNumbersAndBooleansForTexts() {
        assertThat(JsonValues.texts("a")).containsExactly("a");
        assertThat(JsonValues.texts(List.of("a", 1, true, List.of("no"), Map.of("no", "no"))))
                .containsExactly("a", "1", "true");
        assertThat(JsonValues.texts(Map.of("a", "b"))).isEmpty();
        assertThat(JsonValues.texts(null)).isEmpty();
    }
}
