package dev.sallyport.kernel.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.plan.Difference;
import dev.sallyport.kernel.plan.Plan;
import dev.sallyport.kernel.plan.Reroutes;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan says of a change before it is made, against a gateway that serves. */
final class PlanTest {

    private static final String ONE =
            "routes: [{name: a, match: {paths: [/a/**]}, plugins: [{acme/hello: {header: x}}]}]\n";

    @TempDir
    private Path home;

    private void drop(String version) throws IOException {
        OwnerOnly.createFolder(home.resolve("plugins"));
        PluginJar.stamp("hello", version).build(home.resolve("plugins/hello.jar"));
    }

    private Planned plan(RunningGateway running, String yaml) throws IOException {
        String head = Files.readString(home.resolve("gateway.yaml")).replaceFirst("(?s)routes:.*", "");
        return running.gateway().plan(new Upload(Map.of("gateway.yaml", head + yaml), null, true, false, null));
    }

    @Test
    void tellsTheDifferenceAndTheRequestsThatWouldGoAnotherWay() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = RunningGateway.in(home, ONE)) {
            running.version("/a/1");

            Planned planned = plan(running, """
                routes:
                  - {name: a, match: {paths: [/a/**]}, plugins: [{acme/hello: {header: y}}]}
                  - {name: b, match: {paths: [/a/1, /nowhere]}, plugins: [{acme/hello: {header: x}}]}
                """);

            Plan plan = Objects.requireNonNull(planned.plan());
            assertThat(plan.generation()).isEqualTo(1);
            assertThat(plan.differences().stream().map(each -> each.kind() + " " + each.part()))
                    .containsExactly("changed route a", "added route b");
            assertThat(plan.differences().getFirst().details())
                    .containsExactly(new Difference.Detail("step acme/hello: header", "x", "y"));
            assertThat(plan.reroutes().looked()).isEqualTo(1);
            assertThat(plan.reroutes().groups())
                    .contains(new Reroutes.Group(
                            "a",
                            "b",
                            1,
                            List.of("GET " + running.gateway().addresses().get("web") + "/a/1")));
            assertThat(plan.created()).isEqualTo(2);
            assertThat(running.gateway().generation().number()).isEqualTo(1);
            assertThat(running.gateway().history().newestFirst()).hasSize(1);
        }
    }

    @Test
    void tellsWhichRoutesAChainChanges() throws Exception {
        drop("1.0.0");
        String yaml = """
            routes:
              - {name: a, match: {paths: [/a]}, plugins: [{use: stamp}]}
              - {name: b, match: {paths: [/b]}, plugins: [{acme/hello: {header: x}}]}
            chains: {stamp: [{acme/hello: {header: x}}]}
            """;
        try (RunningGateway running = RunningGateway.in(home, yaml)) {
            Plan plan = Objects.requireNonNull(plan(
                            running,
                            yaml.replace("stamp: [{acme/hello: {header: x}}]", "stamp: [{acme/hello: {header: y}}]"))
                    .plan());

            assertThat(plan.differences().stream().map(Difference::part)).containsExactly("chain stamp");
            assertThat(plan.through()).containsExactly("a");
            assertThat(plan.kept()).isEqualTo(1);
        }
    }

    @Test
    void saysWhatIsWrongAndChangesNothing() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = RunningGateway.in(home, ONE)) {
            Planned planned = plan(running, "routes: [{name: a, match: {paths: [a]}}]\n");

            assertThat(planned.plan()).isNull();
            assertThat(planned.result().problems()).isNotEmpty();
            assertThat(running.version("/a")).isEqualTo("1.0.0");
        }
    }

    @Test
    void nothingChangesWhereTheFilesSayWhatServes() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = RunningGateway.in(home, ONE)) {
            Plan plan = Objects.requireNonNull(running.gateway().plan(null).plan());

            assertThat(plan.isEmpty()).isTrue();
            assertThat(plan.created()).isZero();
        }
    }
}
