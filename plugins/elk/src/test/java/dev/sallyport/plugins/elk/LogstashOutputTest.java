package dev.sallyport.plugins.elk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the output for Logstash's input http makes of answers: 200 is in the queue, 429 is busy (plugin http, its documentation). */
final class LogstashOutputTest {

    private TestUpstream logstash;
    private HttpOutput output;

    @BeforeEach
    void start() {
        logstash = TestUpstream.start();
        output = new HttpOutput(logstash.address(), "Basic eDp5", null, Duration.ofSeconds(5));
    }

    @AfterEach
    void stop() {
        output.close();
        logstash.close();
    }

    private Outcome send(int entries) {
        return output.send(SpoolTest.entries(0, entries), null);
    }

    @Test
    void sendsAnArrayOfRecords() {
        Outcome outcome = send(2);

        assertThat(outcome.arrived()).isEqualTo(2);
        assertThat(logstash.last().method()).isEqualTo("POST");
        assertThat(logstash.last().body()).isEqualTo("[{\"n\":0},{\"n\":1}]");
        assertThat(logstash.last().header("content-type")).contains("application/json");
        assertThat(logstash.last().header("authorization")).contains("Basic eDp5");
    }

    @Test
    void sendsAgainWhatItsQueueHadNoRoomFor() {
        logstash.answers(429, "busy");

        Outcome outcome = send(2);

        assertThat(outcome.again()).hasSize(2);
        assertThat(outcome.isUnknown()).isFalse();
        assertThat(outcome.trouble().kind()).isEqualTo(Trouble.Kind.BUSY);
    }

    @Test
    void halvesWhatIsTooLargeAndRejectsOnlyTheRecordThatAloneIs() {
        logstash.answers(request -> request.body().contains("\"n\":3")
                ? new Answered(413, "too large", Map.of())
                : new Answered(200, "ok", Map.of()));

        Outcome outcome = send(8);

        assertThat(outcome.arrived()).isEqualTo(7);
        assertThat(outcome.rejected())
                .singleElement()
                .satisfies(one -> assertThat(one.entry().id()).isEqualTo("id-3"));
        assertThat(outcome.again()).isEmpty();
    }

    @Test
    void doesNotKnowWhatBecameOfARequestWhoseAnswerBrokeOff() {
        logstash.answers(request -> Answered.cutOff());

        Outcome outcome = send(2);

        assertThat(outcome.again()).hasSize(2);
        assertThat(outcome.isUnknown()).isTrue();
    }

    @Test
    void isAskedSeldomWhereItRefuses() {
        logstash.answers(401, "who are you");
        assertThat(send(1).trouble().kind()).isEqualTo(Trouble.Kind.REFUSED);
    }

    @Test
    void knowsThatNothingWasSentWhereNobodyListens() {
        try (HttpOutput nobody = new HttpOutput(URI.create("http://127.0.0.1:1"), null, null, Duration.ofSeconds(5))) {
            Outcome outcome = nobody.send(SpoolTest.entries(0, 1), null);
            assertThat(outcome.isUnknown()).isFalse();
            assertThat(outcome.trouble().kind()).isEqualTo(Trouble.Kind.AWAY);
            assertThat(outcome.again()).extracting(Entry::id).isEqualTo(List.of("id-0"));
        }
    }

    @Test
    void losesNothingToAServerThatRefusesEveryRequest() {
        logstash.answers(400, "who is this");

        Outcome outcome = send(100);

        assertThat(outcome.rejected()).isEmpty();
        assertThat(outcome.again()).hasSize(100).doesNotHaveDuplicates();
        assertThat(outcome.trouble().kind()).isEqualTo(Trouble.Kind.REFUSED);
    }
}
