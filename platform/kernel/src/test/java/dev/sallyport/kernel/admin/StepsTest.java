package dev.sallyport.kernel.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.RunningGateway;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Steps that show their state and take commands, with a real jar. */
final class StepsTest {

    private static final String COUNTS = """
        int[] seen = {0};
        return new Filter() {
            @Override public Response handle(Request request, Next next) {
                seen[0]++;
                return Response.of(200);
            }
            @Override public java.util.Map<String, ?> state() {
                if (config.header().equals("broken")) {
                    throw new IllegalStateException("odd");
                }
                return java.util.Map.of("seen", seen[0]);
            }
            @Override public java.util.List<Command> commands() {
                return java.util.List.of(
                        new Command("reset", "Begins to count anew.", on -> {
                            if (on != null) {
                                throw new IllegalArgumentException(on + " (expected: nothing)");
                            }
                            seen[0] = 0;
                            return "counts from 0";
                        }),
                        new Command("break", "Fails.", on -> {
                            throw new IllegalStateException("odd");
                        }));
            }
            @Override public java.util.List<dev.sallyport.api.Query> queries() {
                return java.util.List.of(new dev.sallyport.api.Query(
                        "times",
                        "How often it was seen, by that.",
                        java.util.List.of(new dev.sallyport.api.Query.Parameter("by", "A factor from 1 to 9.")),
                        given -> {
                            if (given.get("by").equals("much")) {
                                return java.util.Map.of("text", "x".repeat(9_000_000));
                            }
                            if (given.get("by").equals("busy")) {
                                throw new dev.sallyport.api.Query.BusyException("counts just now");
                            }
                            if (!given.get("by").matches("[1-9]")) {
                                throw new dev.sallyport.api.config.ConfigException(
                                        "by", given.get("by") + " (expected: 1 to 9)");
                            }
                            return java.util.Map.of("times", seen[0] * Integer.parseInt(given.get("by")));
                        }));
            }
        };
        """;

    @TempDir
    private Path home;

    @BeforeEach
    void jars() throws IOException {
        Path plugins = OwnerOnly.createFolder(home.resolve("plugins"));
        PluginJar.of("counts", "1.0.0")
                .filter("acme/counts", "x.Counts", COUNTS)
                .build(plugins.resolve("counts.jar"));
        PluginJar.stamp("hello", "1.0.0").build(plugins.resolve("hello.jar"));
    }

    private static String config(String header) {
        return "routes: [{name: a, match: {paths: [/**]}, plugins: [{acme/counts: {header: " + header
                + "}, id: counts}, {acme/hello: {header: x}}]}]\n";
    }

    @Test
    void showsTheStateOfThoseThatHaveOne() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, config("x"))) {
            running.version("/1");
            running.version("/2");
            AdminCaller admin = AdminCaller.of(running.gateway(), home);

            JsonNode steps = admin.get("/v1/steps").json();

            assertThat(steps).hasSize(1);
            assertThat(steps.get(0).toString())
                    .isEqualTo("{\"step\":\"acme/counts/a/counts\",\"type\":\"acme/counts\",\"version\":\"1.0.0\","
                            + "\"state\":{\"seen\":2},\"commands\":{\"break\":\"Fails.\","
                            + "\"reset\":\"Begins to count anew.\"},"
                            + "\"queries\":{\"times\":{\"doc\":\"How often it was seen, by that.\","
                            + "\"parameters\":{\"by\":\"A factor from 1 to 9.\"}}}}");
            assertThat(admin.get("/v1/steps?type=acme/counts").json()).hasSize(1);
            assertThat(admin.get("/v1/steps?type=acme/hello").json()).isEmpty();
            assertThat(admin.get("/v1/steps?step=acme/counts/b/counts").json()).isEmpty();
            assertThat(admin.get("/v1/steps?offset=1").json()).isEmpty();
        }
    }

    @Test
    void hasThemDoWhatTheyCan() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, config("x"))) {
            running.version("/1");
            AdminCaller admin = AdminCaller.of(running.gateway(), home);

            AdminCaller.Told told = admin.post("/v1/steps/command?step=acme/counts/a/counts&command=reset");

            assertThat(told.status()).isEqualTo(200);
            assertThat(told.json().path("done").toString()).isEqualTo("[\"counts from 0\"]");
            assertThat(admin.get("/v1/steps").json().get(0).path("state").toString())
                    .isEqualTo("{\"seen\":0}");
            assertThat(admin.get("/v1/audit").json().get(0).toString())
                    .contains("\"action\":\"tellStep\"")
                    .contains("\"step\":\"acme/counts/a/counts\"")
                    .contains("\"command\":\"reset\"");
        }
    }

    @Test
    void saysWhyItCannotBeDone() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, config("x"))) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);
            String step = "/v1/steps/command?step=acme/counts/a/counts";

            assertThat(admin.post("/v1/steps/command?step=acme/hello/a/hello&command=reset")
                            .status())
                    .as("a step that has nothing to show")
                    .isEqualTo(404);
            assertThat(admin.post(step).detail()).isEqualTo("command is not given");
            assertThat(admin.post(step + "&command=rest").detail())
                    .isEqualTo("command: rest (expected: one of [break, reset])");
            assertThat(admin.post(step + "&command=reset&on=it").detail()).isEqualTo("on: it (expected: nothing)");
            AdminCaller.Told broken = admin.post(step + "&command=break");
            assertThat(broken.status()).isEqualTo(500);
            assertThat(broken.type()).isEqualTo("step-failed");
            assertThat(broken.detail()).contains("IllegalStateException: odd");
        }
    }

    @Test
    void answersWhatTheyAreAsked() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, config("x"))) {
            running.version("/1");
            running.version("/2");
            AdminCaller admin = AdminCaller.of(running.gateway(), home);
            String step = "/v1/steps/query?step=acme/counts/a/counts";

            assertThat(admin.get(step + "&query=times&by=3").json().toString())
                    .isEqualTo("{\"step\":\"acme/counts/a/counts\",\"query\":\"times\",\"answers\":[{\"times\":6}]}");
            assertThat(admin.get(step + "&query=times&by=x").detail()).isEqualTo("by: x (expected: 1 to 9)");
            assertThat(admin.get(step + "&query=times&by=3&bye=4").detail())
                    .isEqualTo("bye: is no parameter of times (expected: one of [by])");
            assertThat(admin.get(step + "&query=time").detail()).isEqualTo("query: time (expected: one of [times])");
            assertThat(admin.get(step).detail()).isEqualTo("query is not given");
            assertThat(admin.get(step + "&query=times").status())
                    .as("a query that fails")
                    .isEqualTo(500);
            assertThat(admin.get(step + "&query=times&by=much").detail()).contains("expected: a narrower question");
            assertThat(admin.get(step + "&query=times&by=busy").status()).isEqualTo(503);
            assertThat(admin.get(step + "&query=times&by=busy").type()).isEqualTo("step-busy");
            assertThat(admin.get(step + "&query=times&by=busy").detail()).isEqualTo("counts just now");
            assertThat(admin.get("/v1/steps/query?step=acme/hello/a/hello&query=times")
                            .status())
                    .isEqualTo(404);
            assertThat(admin.get("/v1/openapi.json")
                            .json()
                            .at("/paths/~1v1~1steps~1query/get/parameters")
                            .toString())
                    .contains("\"name\":\"parameters\"", "\"additionalProperties\":{\"type\":\"string\"}");
        }
    }

    @Test
    void aStateThatCannotBeReadHidesNoOther() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, config("broken"))) {
            JsonNode steps =
                    AdminCaller.of(running.gateway(), home).get("/v1/steps").json();

            assertThat(steps).hasSize(1);
            assertThat(steps.get(0).path("failed").asString("")).contains("IllegalStateException: odd");
        }
    }
}
