package dev.sallyport.kernel.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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

    @Test
    void saysTheSameButWhereItIsEdited() {
        FlatMap map = FlatMap.copyOf(Map.of("a", "1", "c", "3", "e", "5", "g", "7"));
        SortedMap<String, String> with = new TreeMap<>(Map.of("0", "first", "c", "other", "d", "4", "z", "last"));

        FlatMap edited = map.edited(Set.of("a", "g", "not there"), with);

        assertThat(edited).isEqualTo(Map.of("0", "first", "c", "other", "d", "4", "e", "5", "z", "last"));
        assertThat(edited.keySet()).containsExactly("0", "c", "d", "e", "z");
        assertThat(map).hasSize(4);
        assertThat(FlatMap.copyOf(Map.of()).edited(Set.of(), with)).isEqualTo(with);
        assertThat(map.edited(map.keySet(), new TreeMap<>())).isEmpty();
    }

    @Test
    void tellsNamesByTheirBeginnings() {
        FlatMap map = FlatMap.copyOf(Map.of("route", "1", "route a", "2", "route b", "3", "routes", "4", "x", "5"));

        assertThat(map.count("route ")).isEqualTo(2);
        assertThat(map.namesWithout("route ")).containsExactly("route", "routes", "x");
        assertThat(map.count("y")).isZero();
    }

    private static String copy(String text) {
        return new String(text.toCharArray());
    }
}
