package dev.sallyport.kernel.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars that a configuration needs and that are not there: not yet, or not any more. */
final class MissingJarsTest {

    @TempDir
    private Path home;

    private static String config(String version) {
        return "routes: [{name: a, match: {paths: [/a]}, plugins: [{acme/hello: {header: x}, version: " + version
                + "}]}]\n";
    }

    private void drop(String id, String version) throws IOException {
        OwnerOnly.createFolder(home.resolve("plugins"));
        Path part = PluginJar.stamp(id, version).build(home.resolve("dropped.part"));
        Files.move(part, home.resolve("plugins/" + id + "-" + version + ".jar"), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void aConfigurationThatIsAheadOfItsJarWaitsForItWhateverOtherJarsCome() throws Exception {
        drop("hello", "1.0.0");
        try (RunningGateway running = RunningGateway.in(home, config("1.0.0"))) {
            assertThat(running.configure(config("2.0.0")).applied()).isFalse();
            int before = running.gateway().generation().number();

            drop("other", "1.0.0");

            RunningGateway.await(() -> running.gateway().catalogue().toString().contains("other 1.0.0"));
            assertThat(running.version("/a")).isEqualTo("1.0.0");
            assertThat(running.gateway().generation().number()).isEqualTo(before);

            drop("hello", "2.0.0");

            RunningGateway.await(() -> running.version("/a").equals("2.0.0"));
        }
    }

    @Test
    void aJarThatLeavesTakesItsRoutesWithItAfterAWhile() throws Exception {
        drop("hello", "1.0.0");
        try (RunningGateway running = RunningGateway.in(home, config("1.0.0"))) {
            Files.delete(home.resolve("plugins/hello-1.0.0.jar"));

            RunningGateway.await(() -> running.gateway().catalogue().toString().contains("leaving"));
            assertThat(running.version("/a")).isEqualTo("1.0.0");
        }
    }
}
