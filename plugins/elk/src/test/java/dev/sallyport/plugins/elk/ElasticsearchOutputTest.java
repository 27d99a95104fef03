package dev.sallyport.plugins.elk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import dev.sallyport.testgateway.TestUpstream.Received;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the output makes of answers that a healthy Elasticsearch does not give, or gives only to keys with few rights; they are
 * written after Elastic's reference. What a real one says is in {@link ElasticsearchPipelineIT}.
 */
final class ElasticsearchOutputTest {

    private static final Pattern ID = Pattern.compile("\"_id\":\"(id-\\d+)\"");

    private TestUpstream server;
    private ElasticsearchOutput output;
    private Function<List<String>, Answered> bulk = ids -> created("logs-000001", ids);
    private Answered refresh = json(200, "{}");
    private String writeIndex = "logs-000001";

    @BeforeEach
    void start() {
        server = TestUpstream.start();
        Node node = new Node(server.address(), null, null, Duration.ofSeconds(5), false);
        output = new ElasticsearchOutput(List.of(node), new IndexStream("logs", false, Lifecycle.DEFAULT));
        server.answers(this::answer);
    }

    @AfterEach
    void stop() {
        output.close();
        server.close();
    }

    private Answered answer(Received request) {
        String path = request.target().replaceFirst("\\?.*", "");
        return switch (path) {
            case "/logs/_bulk" ->
                bulk.apply(ID.matcher(request.body())
                        .results()
                        .map(found -> found.group(1))
                        .toList());
            case "/logs/_refresh" -> refresh;
            case "/logs/_search" -> json(200, "{\"hits\":{\"hits\":[]}}");
            default ->
                json(
                        200,
                        "{\"data_streams\":[{\"name\":\"logs\",\"indices\":[{\"index_name\":\"" + writeIndex
                                + "\"}]}]}");
        };
    }

    private static Answered json(int status, String body) {
        return new Answered(
                status, body, Map.of("content-type", "application/json", "x-elastic-product", "Elasticsearch"));
    }

    private static Answered created(String index, List<String> ids) {
        return items(ids, id -> "{\"create\":{\"_index\":\"" + index + "\",\"_id\":\"" + id + "\",\"status\":201}}");
    }

    private static Answered items(List<String> ids, Function<String, String> item) {
        String items = ids.stream().map(item).collect(Collectors.joining(","));
        return json(200, "{\"took\":1,\"errors\":false,\"items\":[" + items + "]}");
    }

    private Outcome send(int entries, Doubt doubt) {
        return output.send(SpoolTest.entries(0, entries), doubt);
    }

    @Test
    void sendsWhatIsInDoubtWhereTheKeyMayNotAskAndCountsIt() {
        refresh = json(403, "{\"error\":{\"type\":\"security_exception\",\"reason\":\"no maintenance\"}}");

        Outcome outcome = send(2, new Doubt("logs-000000"));

        assertThat(outcome.trouble()).isNull();
        assertThat(outcome.arrived()).isEqualTo(2);
        assertThat(outcome.perhapsDouble()).isEqualTo(2);
    }

    @Test
    void countsWhatWentToAnotherIndexBecauseItRolledOverAfterItWasAsked() {
        assertThat(send(2, new Doubt("logs-000001")).perhapsDouble()).isZero();
        bulk = ids -> created("logs-000002", ids);

        Outcome outcome = send(2, new Doubt("logs-000001"));

        assertThat(outcome.arrived()).isEqualTo(2);
        assertThat(outcome.perhapsDouble()).isEqualTo(2);
    }

    @Test
    void asksForManyIdsInParts() {
        writeIndex = "logs-000002";

        assertThat(send(2_500, new Doubt("logs-000001")).arrived()).isEqualTo(2_500);

        assertThat(server.requests())
                .filteredOn(request -> request.target().contains("/_search"))
                .hasSize(3);
    }

    @Test
    void losesNothingToAServerThatRefusesEveryRequest() {
        bulk = ids -> new Answered(400, "<h1>Bad Request</h1>", Map.of("content-type", "text/html"));

        Outcome outcome = send(500, null);

        assertThat(outcome.rejected()).isEmpty();
        assertThat(outcome.again()).hasSize(500).doesNotHaveDuplicates();
        assertThat(outcome.trouble().kind()).isEqualTo(Trouble.Kind.REFUSED);
        assertThat(server.requests().size()).as("requests").isLessThan(50);
    }

    @Test
    void rejectsTheOneRecordForWhichWholeRequestsAreRefused() {
        bulk = ids -> ids.contains("id-3") ? json(400, "{\"error\":\"bad\"}") : created("logs-000001", ids);

        Outcome outcome = send(8, null);

        assertThat(outcome.arrived()).isEqualTo(7);
        assertThat(outcome.rejected())
                .singleElement()
                .satisfies(one -> assertThat(one.entry().id()).isEqualTo("id-3"));
        assertThat(outcome.again()).isEmpty();
    }

    @Test
    void waitsWhereAnAliasHasNoWriteIndex() {
        bulk = ids -> items(
                ids,
                id -> "{\"create\":{\"_index\":\"logs\",\"_id\":\"" + id
                        + "\",\"status\":400,\"error\":{\"type\":\"illegal_argument_exception\",\"reason\":"
                        + "\"no write index is defined for alias [logs]\"}}}");

        Outcome outcome = send(3, null);

        assertThat(outcome.rejected()).isEmpty();
        assertThat(outcome.again()).hasSize(3);
        assertThat(outcome.trouble().kind()).isEqualTo(Trouble.Kind.REFUSED);
    }

    @Test
    void onlyWhatEndsAHandshakeSaysThatNothingWasSent() {
        assertThat(ElasticsearchOutput.isUnsent(new IOException(new SSLHandshakeException("unknown CA"))))
                .isTrue();
        assertThat(ElasticsearchOutput.isUnsent(new ConnectException("refused")))
                .isTrue();
        assertThat(ElasticsearchOutput.isUnsent(
                        new SSLException("closing inbound before receiving peer's close_notify")))
                .isFalse();
    }
}
