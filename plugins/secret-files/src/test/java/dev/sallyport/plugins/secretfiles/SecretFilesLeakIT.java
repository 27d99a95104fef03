package dev.sallyport.plugins.secretfiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SecretFilesLeakIT extends PluginLeakTest {

    @TempDir
    private Path mounted;

    @Override
    protected String config(TestUpstream upstream) {
        try {
            Files.writeString(mounted.resolve("word"), "sesame");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return """
            services: [{name: mounted, secret-files: {path: "%s"}}]
            routes: [{name: all, match: {headers: {x-word: "${secret:mounted/word}"}}, upstream: "%s"}]
            """.formatted(mounted, upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/", "x-word", "sesame").statusCode()).isEqualTo(200);
    }
}
