package dev.sallyport.kernel.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.canary.Verdict;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two versions of one step side by side, with real jars. */
final class CanaryTest {

    private static final String TRIAL = "a/hello";

    @TempDir
    private Path home;

    @BeforeEach
    void jars() throws IOException {
        OwnerOnly.createFolder(home.resolve("plugins"));
        PluginJar.stamp("hello", "1.0.0").build(home.resolve("plugins/hello-1.jar"));
        PluginJar.stamp("hello", "2.0.0").build(home.resolve("plugins/hello-2.jar"));
    }

    private static String config(String canary) {
        return "consumers: [{name: mobile, groups: [partners]}]\n"
                + "routes: [{name: a, match: {paths: [/a/**]}, plugins: [{acme/hello: {header: x}, id: hello,"
                + " version: ^1, canary: {" + canary + "}}]}]\n";
    }

    private static Map<String, Integer> versions(RunningGateway running, int requests) {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < requests; i++) {
            counts.merge(running.version("/a/" + i), 1, Integer::sum);
        }
        return counts;
    }

    @Test
    void givesItsShareOfTheRequestsToTheOtherVersionAndCountsBoth() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, config("version: 2.0.0, share: 30%"))) {
            Map<String, Integer> versions = versions(running, 400);

            // 30 % of 400, give or take five standard deviations
            assertThat(versions.get("2.0.0")).isBetween(75, 166);
            assertThat(versions).containsOnlyKeys("1.0.0", "2.0.0");
            var trial = running.gateway().generation().trials().get(TRIAL);
            assertThat(trial.arm(true).requests())
                    .isEqualTo(versions.get("2.0.0").longValue());
            assertThat(trial.arm(false).requests())
                    .isEqualTo(versions.get("1.0.0").longValue());
            assertThat(trial.arm(true).latencyMillis(0.5)).isPositive();
        }
    }

    @Test
    void givesItTheRequestsThatAreNamed() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, config("version: ^2, when: {paths: [/a/new/**]}"))) {
            assertThat(running.version("/a/new/1")).isEqualTo("2.0.0");
            assertThat(running.version("/a/old")).isEqualTo("1.0.0");
        }
    }

    @Test
    void keepsACallerOnOneVersion() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, config("version: ^2, share: 50%, by: query.user"))) {
            Map<String, Integer> of = new HashMap<>();
            for (int user = 0; user < 40; user++) {
                String first = running.version("/a?user=" + user);
                for (int i = 0; i < 3; i++) {
                    assertThat(running.version("/a?user=" + user)).isEqualTo(first);
                }
                of.merge(first, 1, Integer::sum);
            }
            assertThat(of.get("2.0.0")).isBetween(4, 36);
            assertThat(running.version("/a")).as("nobody").isEqualTo("1.0.0");
        }
    }

    @Test
    void triesOtherSettingsOfTheSameVersion() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, config("config: {header: y}, when: {paths: [/a/new]}"))) {
            assertThat(running.gateway().generation().trials()).containsKey(TRIAL);
            assertThat(running.version("/a/new")).isEqualTo("1.0.0");
        }
    }

    @Test
    void isPromotedByCommandAlsoAfterARestart() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, config("version: ^2, share: 1%"))) {
            ReloadResult result = running.gateway().decide(TRIAL, Verdict.Kind.PROMOTED, "ann", "looks good");

            assertThat(result.applied()).isTrue();
            assertThat(versions(running, 50)).containsOnlyKeys("2.0.0");
            GenerationRecord record = running.gateway().history().newestFirst().getFirst();
            assertThat(record.author()).isEqualTo("ann");
            assertThat(record.reason()).isEqualTo("promote canary hello 2.0.0 of a/hello");
            assertThat(record.changes()).contains("canary a/hello added");

            running.startAgain();

            assertThat(versions(running, 50)).containsOnlyKeys("2.0.0");
        }
    }

    @Test
    void isRolledBackByCommandUntilItChanges() throws Exception {
        String config = config("version: ^2, share: 100%");
        try (RunningGateway running = RunningGateway.in(home, config)) {
            assertThat(running.version("/a")).isEqualTo("2.0.0");

            running.gateway().decide(TRIAL, Verdict.Kind.ROLLED_BACK, "ann", "too slow");

            assertThat(versions(running, 20)).containsOnlyKeys("1.0.0");
            assertThat(running.gateway().degraded())
                    .anyMatch(line -> line.contains("its canary hello 2.0.0 was rolled back by ann: too slow"));
            running.configure(config + "# the same\n");
            assertThat(versions(running, 20)).containsOnlyKeys("1.0.0");

            PluginJar.stamp("hello", "2.0.1").build(home.resolve("hello.part"));
            Files.move(home.resolve("hello.part"), home.resolve("plugins/hello-3.jar"));

            RunningGateway.await(() -> running.version("/a").equals("2.0.1"));
            assertThat(running.gateway().degraded()).isEmpty();
        }
    }

    @Test
    void aVerdictCanBeRolledBackAsAGeneration() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, config("version: ^2, share: 50%"))) {
            running.gateway().decide(TRIAL, Verdict.Kind.PROMOTED, "ann", "");

            running.gateway().rollback(null, "ann", "not so good");

            assertThat(running.gateway().generation().trials()).containsKey(TRIAL);
            assertThat(versions(running, 60)).containsOnlyKeys("1.0.0", "2.0.0");
        }
    }

    @Test
    void isRolledBackByItsRuleWhereItFails() throws Exception {
        PluginJar.of("hello", "2.0.0")
                .filter("acme/hello", "x.Fails", "return (request, next) -> Response.of(500);")
                .build(home.resolve("plugins/hello-2.jar"));
        try (RunningGateway running =
                RunningGateway.in(home, config("version: ^2, share: 50%, rule: {after: 10, errors: 5%}"))) {
            RunningGateway.await(() -> {
                running.version("/a");
                return !running.gateway().generation().verdicts().isEmpty();
            });

            Verdict verdict = running.gateway().generation().verdicts().get(TRIAL);
            assertThat(verdict.told()).matches("rolled back by rule: 100.0% of its requests failed, against 0.0%");
            assertThat(versions(running, 20)).containsOnlyKeys("1.0.0");
        }
    }

    @Test
    void isPromotedByItsRuleWhereItDoesWell() throws Exception {
        String rule = "version: ^2, share: 50%, rule: {after: 10, latency: 1000, promoteAfter: 1ms}";
        try (RunningGateway running = RunningGateway.in(home, config(rule))) {
            RunningGateway.await(() -> {
                running.version("/a");
                return !running.gateway().generation().verdicts().isEmpty();
            });

            assertThat(running.gateway().generation().verdicts().get(TRIAL).kind())
                    .isEqualTo(Verdict.Kind.PROMOTED);
            assertThat(versions(running, 20)).containsOnlyKeys("2.0.0");
        }
    }

    @Test
    void goesOnCountingWhereOtherThingsChange() throws Exception {
        String config = config("version: ^2, share: 50%");
        try (RunningGateway running = RunningGateway.in(home, config)) {
            versions(running, 20);

            running.configure(config + "  # and\nupstreams: {u: {targets: [\"http://127.0.0.1:9\"]}}\n");

            var trial = running.gateway().generation().trials().get(TRIAL);
            assertThat(trial.arm(true).requests() + trial.arm(false).requests()).isEqualTo(20);
        }
    }

    @Test
    void isNoReasonToRefuseRequestsWhereItsVersionIsMissing() throws Exception {
        Files.delete(home.resolve("plugins/hello-2.jar"));
        try (RunningGateway running = RunningGateway.in(home, config("version: ^2, share: 50%"))) {
            assertThat(versions(running, 20)).containsOnlyKeys("1.0.0");
            assertThat(running.gateway().degraded()).anyMatch(line -> line.contains("its canary takes no requests"));
        }
    }
}
