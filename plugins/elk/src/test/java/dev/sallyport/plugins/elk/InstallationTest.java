package dev.sallyport.plugins.elk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import dev.sallyport.testgateway.TestUpstream.Received;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is asked of a server that has data streams and lifecycle policies, whose answers are written after Elastic's reference: the
 * server that the other tests start has neither.
 */
final class InstallationTest {

    private static final String STREAM = "logs-sallyport.access-default";
    private static final String NAME = "sallyport-access-" + STREAM;

    private TestUpstream server;
    private Node node;
    private final IndexStream stream = new IndexStream(STREAM, true, Lifecycle.DEFAULT);

    @BeforeEach
    void start() {
        server = TestUpstream.start();
        node = new Node(server.address(), null, null, Duration.ofSeconds(5), false);
    }

    @AfterEach
    void stop() {
        node.close();
        server.close();
    }

    private static Answered json(int status, String body) {
        return new Answered(status, body, Map.of("content-type", "application/json"));
    }

    private List<Received> puts() {
        return server.requests().stream()
                .filter(request -> request.method().equals("PUT"))
                .toList();
    }

    /** Answers what is there of that version. */
    private void has(int version) {
        String meta = "{\"version\":" + version + "}";
        server.answers(request -> switch (request.target()) {
            case "/_data_stream/" + STREAM -> json(404, "{\"error\":\"no such index\"}");
            case "/_ilm/policy/" + NAME ->
                json(200, "{\"" + NAME + "\":{\"version\":3,\"policy\":{\"_meta\":" + meta + ",\"phases\":{}}}}");
            case "/_index_template/" + NAME ->
                json(200, "{\"index_templates\":[{\"name\":\"x\",\"index_template\":{\"_meta\":" + meta + "}}]}");
            default ->
                json(
                        200,
                        "{\"component_templates\":[{\"name\":\"x\",\"component_template\":{\"template\":{},\"_meta\":"
                                + meta + "}}]}");
        });
    }

    @Test
    void installsPolicyAndTemplatesWhereThereAreNone() throws IOException {
        server.answers(request -> request.method().equals("GET")
                ? json(404, "{\"error\":\"no such thing\"}")
                : json(200, "{\"acknowledged\":true}"));

        assertThat(stream.prepare(node)).isNull();

        assertThat(puts())
                .extracting(Received::target)
                .containsExactly(
                        "/_ilm/policy/" + NAME,
                        "/_component_template/sallyport-access-mappings",
                        "/_component_template/" + NAME + "-settings",
                        "/_index_template/" + NAME);
        assertThat(puts().getFirst().body())
                .contains("\"max_age\": \"24h\"", "\"min_age\": \"720h\"", "\"managed_by\":\"sallyport\"");
        assertThat(puts().getLast().body()).contains("\"data_stream\":{}", "[\"" + STREAM + "\"]");
        assertThat(stream.isAlias()).isFalse();
    }

    @Test
    void leavesWhatANewerGatewayHasInstalled() throws IOException {
        has(Installation.VERSION + 1);
        assertThat(stream.prepare(node)).isNull();
        assertThat(puts()).isEmpty();
    }

    @Test
    void renewsWhatAnOlderGatewayHasInstalled() throws IOException {
        has(0);
        assertThat(stream.prepare(node)).isNull();
        assertThat(puts()).hasSize(4);
    }

    @Test
    void saysWhatItMayNotDo() throws IOException {
        server.answers(request -> request.method().equals("GET")
                ? json(404, "{}")
                : json(403, "{\"error\":{\"type\":\"security_exception\",\"reason\":\"unauthorized\"}}"));

        Trouble trouble = stream.prepare(node);

        assertThat(trouble.kind()).isEqualTo(Trouble.Kind.REFUSED);
        assertThat(trouble.reason()).contains("_ilm/policy/sallyport-access", "403", "security_exception");
    }

    @Test
    void takesTheLastIndexOfADataStreamForTheOneThatIsWrittenTo() throws IOException {
        has(Installation.VERSION + 1);
        stream.prepare(node);
        server.answers(request -> json(200, """
            {"data_streams": [{"name": "x", "indices": [
              {"index_name": ".ds-x-2026.01.01-000001", "index_uuid": "a"},
              {"index_name": ".ds-x-2026.01.02-000002", "index_uuid": "b"}]}]}\
            """));

        assertThat(stream.writeIndex(node)).isEqualTo(".ds-x-2026.01.02-000002");
    }

    @Test
    void eachStreamHasALifecycleOfItsOwn() throws IOException {
        server.answers(request -> request.method().equals("GET") ? json(404, "{}") : json(200, "{}"));
        Lifecycle shorter = new Lifecycle(Duration.ofHours(1), Lifecycle.DEFAULT.rolloverSize(), Duration.ofHours(1));

        stream.prepare(node);
        new IndexStream("debug", true, shorter).prepare(node);

        assertThat(puts().stream().filter(put -> put.target().startsWith("/_ilm/")))
                .extracting(Received::target)
                .containsExactly("/_ilm/policy/" + NAME, "/_ilm/policy/sallyport-access-debug");
        assertThat(puts().stream().filter(put -> put.target().endsWith("-settings")))
                .extracting(Received::body)
                .satisfiesExactly(
                        body -> assertThat(body).contains("\"index.lifecycle.name\":\"" + NAME + "\""),
                        body -> assertThat(body).contains("\"index.lifecycle.name\":\"sallyport-access-debug\""));
        assertThat(puts().getLast().body()).contains("\"index_patterns\":[\"debug\"]");
    }

    @Test
    void takesTheIndicesBehindAnAliasAndNoOthers() {
        assertThat(Names.pattern("debug", false)).isEqualTo("debug-0*");
    }

    @Test
    void changesNothingWhileTheServerDoesNotSayWhatItHas() throws IOException {
        for (int status : new int[] {403, 429, 503}) {
            server.answers(request -> request.target().startsWith("/_ilm/") ? json(status, "{}") : json(404, "{}"));

            assertThat(stream.prepare(node).kind()).isEqualTo(status == 403 ? Trouble.Kind.REFUSED : Trouble.Kind.BUSY);
            assertThat(puts()).isEmpty();
        }
    }

    @Test
    void doesWithoutLifecycleWhereTheServerHasNone() throws IOException {
        server.answers(request -> request.target().startsWith("/_ilm/")
                ? json(400, "{\"error\":\"no handler found for uri\"}")
                : request.method().equals("GET") ? json(404, "{}") : json(200, "{}"));

        assertThat(stream.prepare(node)).isNull();
        assertThat(puts()).hasSize(3);
    }

    @Test
    void leavesATemplateThatSomebodyElseHasMade() throws IOException {
        server.answers(request -> request.target().startsWith("/_index_template/")
                        && request.method().equals("GET")
                ? json(200, "{\"index_templates\":[{\"name\":\"x\",\"index_template\":{\"index_patterns\":[\"y\"]}}]}")
                : request.method().equals("GET") ? json(404, "{}") : json(200, "{}"));

        assertThat(stream.prepare(node)).isNull();
        assertThat(puts()).extracting(Received::target).noneMatch(target -> target.startsWith("/_index_template/"));
    }
}
