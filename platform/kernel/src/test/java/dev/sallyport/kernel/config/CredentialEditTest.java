package dev.sallyport.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

final class CredentialEditTest {

    private static final String TEXT = """
        # who calls
        consumers:
          - name: mobile   # the app
            groups: [partners]
            tags: {tier: "${env:TIER}"}
            credentials:
              - key-auth: {hash: "sha256:aa", id: k1}
              - key-auth: {hash: "${env:HASH}", id: k2}
              - mtls-auth: {dns: a.example}
          - {name: web} # without
        routes: []
        """;

    private static final ConfigNode K3 = value("{key-auth: {hash: 'sha256:cc', id: k3}}");

    private static ConfigNode value(String yaml) {
        return Objects.requireNonNull(new YamlText("new", problem -> {}).parse(yaml));
    }

    @Test
    void knowsACredentialByItsId() {
        assertThat(new CredentialEdit("mobile").has(TEXT, "k1")).isTrue();
        assertThat(new CredentialEdit("mobile").has(TEXT, "k3")).isFalse();
        assertThat(new CredentialEdit("mobile").has(TEXT, "")).isFalse();
        assertThat(new CredentialEdit("web").has(TEXT, "k1")).isFalse();
        assertThat(new CredentialEdit("nobody").has("", "k1")).isFalse();
    }

    @Test
    void addsOneAndKeepsTheOthersAndAllReferences() {
        String changed = new CredentialEdit("mobile").add(TEXT, K3);

        assertThat(changed)
                .startsWith("# who calls\nconsumers:\n")
                .contains("groups: [partners]", "tags: {tier: \"${env:TIER}\"}", "dns: a.example")
                .contains("\"sha256:aa\"", "\"${env:HASH}\"", "id: k2")
                .contains("\"sha256:cc\"", "id: k3")
                .endsWith("  - {name: web} # without\nroutes: []\n");
        assertThat(new CredentialEdit("mobile").has(changed, "k3")).isTrue();
    }

    @Test
    void givesTheFirstOneToAConsumerThatHasNone() {
        String changed = new CredentialEdit("web").add(TEXT, K3);

        assertThat(changed).contains("name: web, credentials: [{key-auth: {hash: \"sha256:cc\", id: k3}}]");
        assertThat(changed).startsWith(TEXT.substring(0, TEXT.indexOf("  - {name: web}")));
    }

    @Test
    void makesAConsumerThatIsNotThere() {
        assertThat(new CredentialEdit("new").add("", K3)).isEqualTo("""
            consumers:
              - {name: "new", credentials: [{key-auth: {hash: "sha256:cc", id: k3}}]}
            """);
    }

    @Test
    void takesOneAwayAndLeavesTheOthers() {
        String changed = new CredentialEdit("mobile").remove(TEXT, "k1");

        assertThat(changed).doesNotContain("sha256:aa").contains("\"${env:HASH}\"", "dns: a.example");
        assertThat(new CredentialEdit("mobile").has(changed, "k1")).isFalse();
        assertThat(new CredentialEdit("mobile").has(changed, "k2")).isTrue();
    }
}
