package dev.sallyport.kernel.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.admin.AdminCaller.Told;
import dev.sallyport.kernel.deploy.RunningGateway;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What {@code POST /v1/explain} says of the gateway that runs. */
final class ExplainTest {

    private static final String ROUTES = """
        upstreams:
          one: {targets: ["http://127.0.0.1:9"]}
          hashed: {targets: ["http://127.0.0.1:9", "http://127.0.0.1:10"], balance: {consistent-hash: {by: header.x-user}}}
          turns: {targets: ["http://127.0.0.1:9", "http://127.0.0.1:10"]}
        defaults: {plugins: [{acme/mark: {header: x}, id: first}]}
        routes:
          - {name: one, match: {paths: [/one]}, plugins: [{acme/mark: {header: x}, id: own, when: {methods: [POST]}}], upstream: one}
          - {name: hashed, match: {paths: [/hashed]}, skip: [first], upstream: hashed}
          - {name: turns, match: {paths: [/turns]}, upstream: turns}
          - {name: denied, match: {paths: [/denied]}, plugins: [{acme/deny: {header: x}}], upstream: one}
          - {name: tried, match: {paths: [/tried]}, plugins: [{acme/deny: {header: x}, mode: monitor}], upstream: one}
          - {name: quiet, match: {paths: [/quiet]}, plugins: [{acme/quiet: {header: x}}], upstream: one}
          - {name: broken, match: {paths: [/broken]}, plugins: [{acme/broken: {header: x}}], upstream: one}
        """;

    @TempDir
    private Path home;

    private RunningGateway start() throws Exception {
        String handle = "public Response handle(Request request, Next next) throws Exception { ";
        String explain = " } @Override public Explanation explain(Request request) throws Exception { ";
        PluginJar.of("steps", "1.2.3")
                .filter(
                        "acme/mark",
                        "x.Mark",
                        "return new Filter() { " + handle
                                + "return next.proceed(request.withHeader(\"x-mark\", \"1\"));" + explain
                                + "return Explanation.ofRun(this, request); } };")
                .filter(
                        "acme/deny",
                        "x.Deny",
                        "return new Filter() { " + handle
                                + "return new Problem(403, \"no\", \"No\").withDetail(\"Not"
                                + " you.\").toResponse(request);"
                                + explain + "return Explanation.ofRun(this, request); } };")
                .filter("acme/quiet", "x.Quiet", "return (request, next) -> next.proceed(request);")
                .filter(
                        "acme/broken",
                        "x.Broken",
                        "return new Filter() { " + handle + "return next.proceed(request);" + explain
                                + "throw new IllegalStateException(\"oh\"); } };")
                .build(OwnerOnly.createFolder(home.resolve("plugins")).resolve("steps.jar"));
        return RunningGateway.in(home, ROUTES);
    }

    private Told ask(RunningGateway running, String question) {
        return AdminCaller.of(running.gateway(), home).postJson("/v1/explain", question);
    }

    private JsonNode explained(RunningGateway running, String question) {
        Told told = ask(running, question);
        assertThat(told.status()).as(told.json().toString()).isEqualTo(200);
        return told.json();
    }

    @Test
    void tellsTheWayOfARequestThatIsSent() throws Exception {
        try (RunningGateway running = start()) {
            JsonNode told = explained(running, "{\"url\": \"/./one?q=1\"}");

            assertThat(told.path("route").asString()).isEqualTo("one");
            assertThat(told.path("place").asString()).startsWith("gateway.yaml:");
            assertThat(told.path("listener").path("received").asString()).isEqualTo("/./one?q=1");
            JsonNode first = told.path("steps").get(0);
            assertThat(first.path("from").asString()).isEqualTo("the defaults");
            assertThat(first.path("version").asString()).isEqualTo("steps 1.2.3");
            assertThat(first.path("verdict").asString()).isEqualTo("passes");
            assertThat(first.path("changes").toString()).isEqualTo("[\"sets x-mark: 1\"]");
            JsonNode own = told.path("steps").get(1);
            assertThat(own.path("verdict").asString()).isEqualTo("passed-by");
            assertThat(own.path("when").asString()).isEqualTo("method GET is not POST");
            assertThat(told.path("upstream").path("target").asString()).isEqualTo("http://127.0.0.1:9");
            assertThat(told.path("upstream").path("sends").asString()).isEqualTo("GET /one?q=1");
            assertThat(told.path("upstream").path("host").asString()).isEqualTo("127.0.0.1:9");
            assertThat(told.has("answer")).isFalse();
            assertThat(told.path("unsure")).isEmpty();
            assertThat(told.path("generation").asInt())
                    .isEqualTo(running.gateway().generation().number());
        }
    }

    @Test
    void tellsWhatAMonitoredStepWouldAnswerAndGoesOn() throws Exception {
        try (RunningGateway running = start()) {
            JsonNode told = explained(running, "{\"url\": \"/tried\"}");

            JsonNode step = told.path("steps").get(1);
            assertThat(step.path("mode").asString()).isEqualTo("monitor");
            assertThat(step.path("verdict").asString()).isEqualTo("answers");
            assertThat(step.path("status").asInt()).isEqualTo(403);
            assertThat(told.has("answer")).isFalse();
            assertThat(told.path("upstream").path("reached").asBoolean()).isTrue();
        }
    }

    @Test
    void tellsWhoAnswersInstead() throws Exception {
        try (RunningGateway running = start()) {
            JsonNode denied = explained(running, "{\"url\": \"/denied\"}");
            JsonNode none = explained(running, "{\"url\": \"/none\"}");
            JsonNode malformed = explained(running, "{\"url\": \"/a/../b\"}");

            assertThat(denied.path("answer").toString())
                    .isEqualTo("{\"status\":403,\"by\":\"step acme/deny\",\"why\":\"No: Not you\"}");
            assertThat(denied.path("upstream").path("reached").asBoolean()).isFalse();
            assertThat(none.path("route").isNull()).isTrue();
            assertThat(none.path("status").asInt()).isEqualTo(404);
            assertThat(none.path("counts").toString()).isEqualTo("{\"path\":7}");
            assertThat(malformed.path("answer").path("by").asString()).isEqualTo("listener");
            assertThat(malformed.path("status").asInt()).isEqualTo(400);
        }
    }

    @Test
    void namesATargetOnlyWhereTheRequestDecidesIt() throws Exception {
        try (RunningGateway running = start()) {
            JsonNode hashed = explained(running, "{\"url\": \"/hashed\", \"headers\": {\"x-user\": \"ada\"}}");
            JsonNode without = explained(running, "{\"url\": \"/hashed\"}");
            JsonNode turns = explained(running, "{\"url\": \"/turns\"}");

            assertThat(hashed.path("upstream").path("target").asString()).startsWith("http://127.0.0.1:");
            assertThat(hashed.path("leftOut").get(0).path("why").asString()).isEqualTo("the route skips it");
            assertThat(without.path("upstream").has("target")).isFalse();
            assertThat(turns.path("upstream").has("target")).isFalse();
            assertThat(turns.path("upstream").path("targets")).hasSize(2);
        }
    }

    @Test
    void saysWhatItCannotKnow() throws Exception {
        try (RunningGateway running = start()) {
            JsonNode quiet = explained(running, "{\"url\": \"/quiet\"}");
            JsonNode broken = explained(running, "{\"url\": \"/broken\"}");

            assertThat(quiet.path("steps").get(1).path("verdict").asString()).isEqualTo("unknown");
            assertThat(quiet.path("unsure").get(0).asString()).startsWith("step acme/quiet (gateway.yaml:");
            assertThat(broken.path("steps").get(1).path("says").asString()).contains("IllegalStateException: oh");
        }
    }

    @Test
    void saysThatAPluginIsMissing() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, ROUTES)) {
            JsonNode told = explained(running, "{\"url\": \"/quiet\"}");

            assertThat(told.path("answer").path("status").asInt()).isEqualTo(503);
            assertThat(told.path("answer").path("by").asString()).isEqualTo("step first");
            assertThat(running.version("/quiet")).isEqualTo("503");
        }
    }

    @Test
    void refusesWhatIsNoQuestion() throws Exception {
        try (RunningGateway running = start()) {
            assertThat(ask(running, "no").status()).isEqualTo(400);
            assertThat(ask(running, "{}").detail()).isEqualTo("no url (expected: a path, or a whole URL)");
            assertThat(ask(running, "{\"url\": \"/\", \"uri\": 1}").detail()).startsWith("uri (expected: one of");
            assertThat(ask(running, "{\"url\": \"/\", \"listener\": \"x\"}").detail())
                    .isEqualTo("listener: x (expected: one of web)");
            assertThat(ask(running, "{\"url\": \"/\", \"from\": \"nobody\"}").detail())
                    .isEqualTo("from: nobody (expected: an address such as 203.0.113.9)");
            assertThat(ask(running, "{\"url\": \"/\", \"headers\": {\"a\": \"b\\nc: d\"}}")
                            .detail())
                    .isEqualTo("the header a has a line break (expected: one line)");
        }
    }

    @Test
    void leavesNoTrace() throws Exception {
        try (RunningGateway running = start()) {
            String before = audit();

            explained(running, "{\"url\": \"/turns\"}");

            assertThat(audit()).isEqualTo(before);
            assertThat(running.gateway().generation().exchanges()).isZero();
        }
    }

    private String audit() throws IOException {
        return Files.readString(home.resolve("data/audit.log"));
    }
}
