package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Scripts change while the gateway serves, and bad ones harm only their route. */
final class ScriptsIT {

    private static final String HELLO = """
        export default async function (request, next, { config }) {
          const response = await next(request);
          response.headers.set("x-script", "%s");
          return response;
        }
        """;

    private static Product product;

    @BeforeAll
    static void start() {
        product = Product.with(Product.web("""
            routes:
              - name: hello
                match: {paths: [/hello]}
                plugins: [{javascript: {script: hello.js}}, {respond: {body: hello}}]
              - name: loop
                match: {paths: [/loop]}
                plugins: [{javascript: {script: loop.js}}, {respond: {body: never}}]
              - name: throws
                match: {paths: [/throws]}
                plugins: [{javascript: {script: throws.js}}, {respond: {body: never}}]
            """))
                .file("scripts/hello.js", HELLO.formatted("one"))
                .file("scripts/loop.js", "export default function () { for (;;) {} }\n")
                .file("scripts/throws.js", "export default function () {\n  return undefinedName.x;\n}\n")
                .start();
    }

    @AfterAll
    static void stop() {
        product.close();
    }

    private static String script() {
        return product.client().get("/hello").headers().firstValue("x-script").orElse("");
    }

    @Test
    void aChangedScriptServesTheNextRequests() {
        product.change(() -> product.replace("scripts/hello.js", HELLO.formatted("two")));

        assertThat(script()).isEqualTo("two");
    }

    @Test
    void aScriptThatCannotBeParsedIsRefusedWithItsPlaceAndTheOldOneServesOn() {
        product.change(() -> product.replace("scripts/hello.js", HELLO.formatted("good")));
        int from = product.output().size();

        product.replace(
                "scripts/hello.js", "export default async function (request, next) {\n  retrun next(request);\n}\n");

        product.output().await("refused: ", from);
        product.output().await("hello.js:2:", from);
        assertThat(script()).isEqualTo("good");
        product.change(() -> product.replace("scripts/hello.js", HELLO.formatted("mended")));
        assertThat(script()).isEqualTo("mended");
    }

    @Test
    void anEndlessLoopIsCutOffAndNamed() {
        int from = product.output().size();

        assertThat(product.client().status("/loop")).isIn(500, 504);

        product.output().await("loop.js", from);
        assertThat(product.client().status("/hello")).isEqualTo(200);
    }

    @Test
    void aScriptThatThrowsIsNamedWithItsLine() {
        int from = product.output().size();

        assertThat(product.client().get("/throws").statusCode()).isEqualTo(500);
        assertThat(product.client().get("/throws").body()).doesNotContain("undefinedName");

        product.output().await("throws.js:2", from);
        assertThat(product.client().status("/hello")).isEqualTo(200);
    }

    @Test
    void theDoctorTellsWhatRunsThem() {
        Command told = Command.sallyport(
                        product.home(),
                        "plugins",
                        "doctor",
                        "--server",
                        product.adminAddress().toString(),
                        "--token-file",
                        "data/admin.token")
                .succeeds();

        assertThat(told.out()).containsPattern("scripts: GraalJS [0-9.]+, (interpreted|compiled), contexts [0-9]+");
    }

    @Test
    void theirTestsRunAgainWhenAFileChanges() throws IOException {
        Path folder = Folders.temporary("watched");
        Path script = folder.resolve("a.js");
        Files.writeString(script, HELLO.formatted("one"));
        Files.writeString(
                folder.resolve("a.test.yaml"),
                "cases: [{name: stamps, expect: {response: {headers: {x-script: one}}}}]\n");
        ProcessBuilder builder = new ProcessBuilder(
                Product.UNPACKED.resolve("bin/sallyport").toString(),
                "scripts",
                "test",
                "--watch",
                "--coverage",
                folder.toString());
        builder.environment().putAll(Product.environment());
        Process process = builder.redirectErrorStream(true).start();
        try {
            Output output = Output.of(process);
            output.await("1 passed, 0 failed");
            output.await("100% of a.js");
            output.await("waiting for a change");
            int from = output.size();

            Files.writeString(script, HELLO.formatted("two"));

            output.await("response.headers.x-script: \"two\" (expected: \"one\")", from);
            output.await("0 passed, 1 failed", from);
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroy();
            Folders.delete(folder);
        }
    }
}
