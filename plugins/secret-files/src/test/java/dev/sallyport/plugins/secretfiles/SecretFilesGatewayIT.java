package dev.sallyport.plugins.secretfiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets of a service, as a real gateway reads its configuration: what changes, what fails, and that none is shown. */
final class SecretFilesGatewayIT {

    @TempDir
    private Path mounted;

    private TestUpstream upstream;

    @BeforeEach
    void start() throws IOException {
        upstream = TestUpstream.start();
        write("edge-key", "hidden-first");
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private void write(String name, String content) throws IOException {
        Path part = Files.writeString(mounted.resolve(name + ".part"), content);
        Files.move(part, mounted.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private String example() {
        return MarkdownPage.examples()
                .getFirst()
                .replace("http://127.0.0.1:9001", upstream.address().toString())
                .replace("/run/secrets/shop", mounted.toString());
    }

    private static TestGateway gateway(String yaml) {
        return TestGateway.with(TestGateway.builtJar()).start(yaml);
    }

    private static int status(TestGateway gateway, String key) {
        return gateway.get("/orders/1", "x-edge-key", key).statusCode();
    }

    @Test
    void servesTheExampleOfItsPageAndFollowsTheFile() throws IOException {
        try (TestGateway gateway = gateway(example())) {
            assertThat(status(gateway, "hidden-first")).isEqualTo(200);
            assertThat(status(gateway, "hidden-second")).isEqualTo(404);

            write("edge-key", "hidden-second");

            gateway.await("the new secret to serve", () -> status(gateway, "hidden-second") == 200);
            assertThat(status(gateway, "hidden-first")).isEqualTo(404);
            gateway.await("the log to say why", () -> gateway.log().toString().contains("a secret changed"));
            assertThat(gateway.log().toString()).doesNotContain("hidden-");
        }
    }

    @Test
    void aSecretThatGoesAwayChangesNothingUntilItIsThereAgain() throws IOException {
        try (TestGateway gateway = gateway(example())) {
            Files.delete(mounted.resolve("edge-key"));

            gateway.await(
                    "the change to be refused",
                    () -> gateway.degraded()
                            .toString()
                            .contains("${secret:mounted/edge-key} (expected: a secret that the service mounted has)"));
            assertThat(status(gateway, "hidden-first")).isEqualTo(200);

            write("edge-key", "hidden-first");
            gateway.await("all to be well", () -> gateway.degraded().isEmpty());

            write("edge-key", "hidden-third");
            gateway.await("the new secret to serve", () -> status(gateway, "hidden-third") == 200);
            assertThat(gateway.degraded()).isEmpty();
        }
    }

    @Test
    void aSourceThatCannotBeAskedKeepsWhatItGaveAndSaysSo() throws IOException {
        try (TestGateway gateway = gateway(example())) {
            Files.write(mounted.resolve("edge-key"), new byte[] {(byte) 0xff});

            gateway.await(
                    "it to say so",
                    () -> gateway.degraded()
                            .toString()
                            .contains("service mounted: it cannot be asked, the secrets that it gave serve on"));
            ReloadResult other = gateway.configure(example().replace("/orders/**", "/other/**"));

            assertThat(other.applied()).isTrue();
            assertThat(gateway.get("/other/1", "x-edge-key", "hidden-first").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aReferenceThatLeadsNowhereIsToldWithItsMend() {
        try (TestGateway gateway = gateway(example())) {
            assertRefused(
                    gateway,
                    example().replace("secret:mounted/edge-key", "secret:mountd/edge-key"),
                    "${secret:mountd/edge-key} (expected: the name of a service of the main file that gives secrets:"
                            + " mounted); did you mean mounted?");
            assertRefused(
                    gateway,
                    example().replace("secret:mounted/edge-key", "secret:mounted"),
                    "${secret:mounted} (expected: ${secret:mounted/KEY}); name the secret");
            assertRefused(
                    gateway,
                    example().replace("secret:mounted/edge-key", "secret:mounted/../x"),
                    "(expected: a secret that the service mounted has)");
            assertRefused(
                    gateway,
                    example().replace(mounted.toString(), "\"${secret:mounted/edge-key}\""),
                    "(expected: ${env:NAME} or ${file:path} here, which is read before the services that give"
                            + " secrets)");
            assertRefused(
                    gateway,
                    example().replace(mounted.toString(), mounted + "/absent"),
                    "path: " + mounted + "/absent (expected: a folder)");
        }
    }

    @Test
    void noSourceReadsTheGatewaysOwnState() {
        try (TestGateway gateway = gateway(example())) {
            for (Path own : List.of(
                    gateway.home().resolve("data"),
                    gateway.home(),
                    gateway.home().resolve("plugins/.."),
                    Path.of("/"))) {
                assertRefused(
                        gateway,
                        example().replace(mounted.toString(), own.toString()),
                        "(expected: a path that neither leads into the folders of the configuration and of the"
                                + " gateway's state nor has them in it)");
            }
        }
    }

    private static void assertRefused(TestGateway gateway, String yaml, String message) {
        ReloadResult refused = gateway.configure(yaml);
        assertThat(refused.applied()).isFalse();
        assertThat(refused.problems().toString()).contains(message).doesNotContain("hidden-");
    }

    @Test
    void anIncludeReadsTheSecretsThatItsEntryLists() {
        String include = "include: [{files: teams/*.yaml%s}]\nservices: [{name: mounted, secret-files: {path: "
                + mounted + "}}]\n";
        String team = "routes: [{name: a, match: {headers: {x-k: \"${secret:mounted/edge-key}\"}}, upstream: \"%s\"}]\n"
                .formatted(upstream.address());
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                .file("teams/shop.yaml", team)
                .start(include.formatted(", secrets: [\"secret:mounted/edge-*\"]"))) {
            assertThat(gateway.get("/", "x-k", "hidden-first").statusCode()).isEqualTo(200);

            assertRefused(gateway, include.formatted(""), "secrets: [\"secret:mounted/edge-key\"]");
            assertRefused(
                    gateway,
                    include.formatted(", secrets: [\"secret:mounted/other-*\"]"),
                    "${secret:mounted/edge-key} (expected: one of what its include lists");
        }
    }
}
