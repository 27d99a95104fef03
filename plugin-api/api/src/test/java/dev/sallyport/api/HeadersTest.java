package dev.sallyport.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HeadersTest {

    private static final Headers THREE = Headers.of("A", "1", "b", "2", "a", "3");

    @Test
    void comparesNamesWithoutRegardToCaseAndKeepsThemAsWritten() {
        assertThat(THREE.get("B")).isEqualTo("2");
        assertThat(THREE.all("a")).isEqualTo(List.of("1", "3"));
        assertThat(THREE.name(1)).isEqualTo("b");
        assertThat(THREE.names()).containsExactly("a", "b");
    }

    @Test
    void putsAFieldInThePlaceOfAllOfItsName() {
        assertThat(THREE.with("a", "x")).isEqualTo(Headers.of("a", "x", "b", "2"));
        assertThat(THREE.with("B", "x")).isEqualTo(Headers.of("A", "1", "B", "x", "a", "3"));
        assertThat(THREE.with("c", "x")).isEqualTo(Headers.of("A", "1", "b", "2", "a", "3", "c", "x"));
        assertThat(Headers.of("a", "1", "a", "2", "a", "3").with("a", "x")).isEqualTo(Headers.of("a", "x"));
        assertThat(Headers.empty().with("a", "x")).isEqualTo(Headers.of("a", "x"));
        assertThat(THREE).isEqualTo(Headers.of("A", "1", "b", "2", "a", "3"));
    }

    @Test
    void addsAndTakesOff() {
        assertThat(THREE.withAdded("a", "4").all("A")).isEqualTo(List.of("1", "3", "4"));
        assertThat(THREE.without("A")).isEqualTo(Headers.of("b", "2"));
        assertThat(THREE.without("c")).isSameAs(THREE);
    }

    @Test
    void aBuilderGoesOnAfterItHasBuiltWithoutChangingWhatItBuilt() {
        Headers.Builder builder = Headers.builder(2).add("a", "1").add("b", "2");
        Headers full = builder.build();
        Headers same = builder.build();
        Headers longer = builder.add("c", "3").build();

        assertThat(full).isEqualTo(same).isEqualTo(Headers.of("a", "1", "b", "2"));
        assertThat(longer).isEqualTo(Headers.of("a", "1", "b", "2", "c", "3"));
    }

    @Test
    void refusesWhatCannotStandInAHeader() {
        assertThatThrownBy(() -> Headers.of("a b", "1")).hasMessageContaining("a token");
        assertThatThrownBy(() -> THREE.with("", "1")).hasMessageContaining("a token");
        assertThatThrownBy(() -> THREE.withAdded("a", "1\r\nb: 2")).hasMessageContaining("character 13 at 1");
        assertThatThrownBy(() -> Headers.of("a")).hasMessageContaining("pairs");
    }
}
