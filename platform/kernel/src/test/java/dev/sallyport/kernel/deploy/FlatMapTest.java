package dev.sallyport.kernel.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class FlatMapTest {

    @Test
    void saysWhatItWasMadeOf() {
        FlatMap map = FlatMap.copyOf(Map.of("b", "2", "a", "1"));

        assertThat(map).isEqualTo(Map.of("a", "1", "b", "2")).containsKey("a").doesNotContainKey("c");
        assertThat(map.keySet()).containsExactly("a", "b");
        assertThat(map.get("b")).isEqualTo("2");
        assertThat(map.get("c")).isNull();
    }

    @Test
    void isInMemoryOnceAsFarAsAnotherIsTheSame() {
        FlatMap before = FlatMap.copyOf(Map.of("a", "one", "b", "two"));
        FlatMap same = FlatMap.copyOf(Map.of("a", copy("one"), "b", copy("two")));
        FlatMap more = FlatMap.copyOf(Map.of("a", copy("one"), "b", "other", "c", "three"));

        assertThat(same.sharing(before)).isSameAs(before);
        assertThat(more.sharing(before)).isEqualTo(more);
        assertThat(more.sharing(before).get("a")).isSameAs(before.get("a"));
    }

    private static String copy(String text) {
        return new String(text.toCharArray());
    }
}
