package dev.sallyport.marketplace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.marketplace.LockFile.Locked;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LockFileTest {

    private static final Locked STAMP = new Locked("acme-stamp", "1.0.0", "ab".repeat(32), "shop", true);
    private static final Locked RESPOND = new Locked("respond", "0.1.0", "cd".repeat(32), "", false);

    @Test
    void isTheSameTextForTheSameJarsInAnyOrder() throws Exception {
        LockFile lock = new LockFile(List.of(RESPOND, STAMP));

        assertThat(lock.toJson())
                .isEqualTo(new LockFile(List.of(STAMP, RESPOND)).toJson())
                .isEqualTo("""
                    {
                      "lock": 1,
                      "plugins": [
                        {"id":"acme-stamp","version":"1.0.0","sha256":"%s","marketplace":"shop","serving":true},
                        {"id":"respond","version":"0.1.0","sha256":"%s"}
                      ]
                    }
                    """.formatted("ab".repeat(32), "cd".repeat(32)));
        assertThat(LockFile.parse(lock.toJson().getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(lock);
        assertThat(LockFile.parse(new LockFile(List.of()).toJson().getBytes(StandardCharsets.UTF_8))
                        .plugins())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        "lock": 1   | "lock": 2   | later form
        "lock": 1   | "lok": 1    | no whole number
        acme-stamp  | ../stamp    | has the id '../stamp'
        1.0.0       | 1/0         | has the version '1/0'
        abab        | xyxy        | has the sha256
        true        | 1           | neither true nor false
        "plugins"   | "lock"      | Duplicate
        """)
    void refusesWhatIsNone(String text, String other, String why) {
        String good = new LockFile(List.of(STAMP, RESPOND)).toJson();

        assertThatThrownBy(() -> LockFile.parse(good.replace(text, other).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(why);
    }

    @Test
    void refusesAJarThatIsNamedTwice() {
        String twice =
                new LockFile(List.of(STAMP, new Locked("acme-stamp", "1.0.1", "ab".repeat(32), "", false))).toJson();

        assertThatThrownBy(() -> LockFile.parse(twice.getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("twice");
    }
}
