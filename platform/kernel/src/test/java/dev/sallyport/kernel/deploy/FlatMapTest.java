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

    @Test
    void tellsWhatDiffers() {
        FlatMap before = FlatMap.copyOf(Map.of("a", "1", "b", "2", "c", "3"));
        FlatMap changed = FlatMap.copyOf(Map.of("a", "1", "b", "other", "c", "3"));
        FlatMap others = FlatMap.copyOf(Map.of("a", "1", "c", "other", "d", "4"));

        assertThat(changed.differences(before)).containsExactly("b");
        assertThat(changed.sharing(before).differences(before)).containsExactly("b");
        assertThat(others.differences(before)).containsExactly("b", "c", "d");
        assertThat(before.differences(before)).isEmpty();
    }

    private static String copy(String text) {
        return new String(text.toCharArray());
    }
}
