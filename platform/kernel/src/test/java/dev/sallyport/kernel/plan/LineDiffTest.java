package dev.sallyport.kernel.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.WrittenSecrets;
import org.junit.jupiter.api.Test;

final class LineDiffTest {

    private static final String BEFORE = """
        routes:
          - name: a
            timeout: 1s
        services:
          - name: console
            oidc:
              clientSecret: hush-hush
              clientId: c
        consumers: [{name: b, password: whisper}]
        """;

    private static String shown(String before, String after) {
        return LineDiff.of(
                "gateway.yaml", before, after, WrittenSecrets.hide(before), WrittenSecrets.hideThoseOf(before, after));
    }

    @Test
    void endsItsSurroundingsBeforeALineThatIsNotForEverybody() {
        assertThat(shown(BEFORE, BEFORE.replace("- name: console", "- name: other")))
                .isEqualTo("""
                    --- gateway.yaml
                    +++ gateway.yaml
                    @@ -4,3 +4,3 @@
                     services:
                    -  - name: console
                    +  - name: other
                         oidc:
                    """);
    }

    @Test
    void hidesWhatIsTakenAwayAndShowsWhatIsBrought() {
        assertThat(shown(BEFORE, BEFORE.replace("{name: b, password: whisper}", "{name: b, password: shout}")))
                .isEqualTo("""
                    --- gateway.yaml
                    +++ gateway.yaml
                    @@ -8,2 +8,2 @@
                           clientId: c
                    -consumers: [{name: b, password: (hidden)}]
                    +consumers: [{name: b, password: shout}]
                    """);
    }

    @Test
    void hidesASecretThatStaysInALineThatChanges() {
        assertThat(shown(BEFORE, BEFORE.replace("name: b", "name: c")))
                .contains("-consumers: [{name: b, password: (hidden)}]\n")
                .contains("+consumers: [{name: c, password: (hidden)}]\n");
    }

    @Test
    void hidesEachLineOfALongSecretAndOfATextThatNobodyUnderstands() {
        assertThat(WrittenSecrets.hide("a:\n  token: |\n    one\n    two\n  b: 1\n"))
                .isEqualTo("a:\n  token: (hidden)\n\n\n  b: 1\n");
        assertThat(WrittenSecrets.hide("token: ${env:TOKEN}\n")).isEqualTo("token: ${env:TOKEN}\n");
        assertThat(WrittenSecrets.hide("a: [\ntoken: x\n")).isEqualTo("(hidden)\n(hidden)\n");
    }
}
