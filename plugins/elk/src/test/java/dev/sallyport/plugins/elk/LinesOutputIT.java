package dev.sallyport.plugins.elk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines over TCP to a real receiver that is stopped and started again. */
final class LinesOutputIT {

    private static Pipeline pipeline(Rsyslog rsyslog, Path folder) throws IOException {
        return new Pipeline(
                new LinesOutput(rsyslog.address(), null, Duration.ofSeconds(5)),
                folder,
                new Pipeline.Bounds(
                        1 << 20,
                        1 << 30,
                        1 << 20,
                        Sync.NEVER,
                        Duration.ofMillis(20),
                        Duration.ofMillis(200),
                        100,
                        1 << 20),
                System.getLogger("elk"));
    }

    private static Set<String> different(Rsyslog rsyslog) {
        return new HashSet<>(rsyslog.lines());
    }

    @Test
    void eachRecordIsALineAndAllOfThemArrive(@TempDir Path folder) throws IOException {
        try (Rsyslog rsyslog = Rsyslog.start();
                Pipeline pipeline = pipeline(rsyslog, folder)) {
            SpoolTest.entries(0, 1000).forEach(pipeline::offer);

            await().until(() -> rsyslog.lines().size() >= 1000);

            assertThat(rsyslog.lines().getFirst()).isEqualTo("{\"n\":0}");
            assertThat(different(rsyslog)).hasSize(1000);
        }
    }

    @Test
    void whatTheReceiverDidNotGetIsThereAfterItCameBackAndWhatItGotMayBeThereTwice(@TempDir Path folder)
            throws Exception {
        try (Rsyslog rsyslog = Rsyslog.start();
                Pipeline pipeline = pipeline(rsyslog, folder)) {
            SpoolTest.entries(0, 500).forEach(pipeline::offer);
            await().until(() -> rsyslog.lines().size() >= 500);
            rsyslog.stop();
            SpoolTest.entries(500, 1500).forEach(pipeline::offer);
            await().until(() -> pipeline.trouble() != null);
            rsyslog.startAgain();

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> different(rsyslog).size() == 1500);

            List<String> lines = rsyslog.lines();
            assertThat(lines.size() - 1500L)
                    .isLessThanOrEqualTo(pipeline.tally().perhapsDouble.sum());
        }
    }
}
