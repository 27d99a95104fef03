package dev.sallyport.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A key that was written in the place of its hash is in no message. */
final class UnshownValuesTest {

    private static final String KEY = "pasted-by-mistake";

    private final List<ConfigProblem> problems = new ArrayList<>();

    /** Says nothing of what it was given. */
    record Silent(String hex) {
        public static Silent parse(String text) {
            throw new IllegalArgumentException("no hash (expected: sha256: and digits)");
        }
    }

    /** Repeats it, as most do. */
    record Telling(String text) {
        public static Telling parse(String text) {
            throw new IllegalArgumentException(text + " (expected: an even number); add one");
        }
    }

    record Both(Silent hash, Telling number) {}

    record Who(List<CredentialConfig> credentials) {}

    private List<String> told(Class<?> type, String text) {
        ConfigNode node = new YamlText("x.yaml", problems::add).parse(text);
        RecordShapes.of(type).bind(node, "", new Binding(Path.of("/conf"), true, problems::add, new Sources()));
        return problems.stream().map(ConfigProblem::toString).toList();
    }

    @Test
    void aValueThatItsTypeDoesNotRepeatIsNotShown() {
        assertThat(told(Both.class, "{hash: " + KEY + ", number: 7}"))
                .containsExactly(
                        "x.yaml:1:8 hash: ***: no hash (expected: sha256: and digits); mend it",
                        "x.yaml:1:35 number: 7 (expected: an even number); add one");
    }

    @Test
    void aBareValueInThePlaceOfACredentialIsNotShown() {
        Binding binding = new Binding(Path.of("/conf"), true, problems::add, new Sources());
        ConfigNode node = new YamlText("x.yaml", problems::add).parse("{credentials: [{key-auth: " + KEY + "}]}");

        Who who = (Who) RecordShapes.of(Who.class).bind(node, "", binding);

        assertThat(who).isNotNull();
        RecordShapes.of(Both.class).bind(who.credentials().getFirst().config(), "key-auth", binding);
        assertThat(problems.toString())
                .contains("key-auth: *** (expected: a mapping with the keys hash, number)")
                .doesNotContain(KEY);
    }
}
