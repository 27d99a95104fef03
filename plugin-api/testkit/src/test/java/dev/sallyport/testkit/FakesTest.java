package dev.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Body;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FakesTest {

    @Test
    void nextRefusesASecondCallUnlessTheBodyCanBeReplayed() throws Exception {
        FakeNext next = FakeNext.ok();
        Request once = Requests.post("/", "hello").build();
        Request replayable = Requests.post("/", "").body(Body.of("hello")).build();
        next.proceed(once);
        next.proceed(replayable);

        assertThat(next.proceed(replayable).status()).isEqualTo(200);
        assertThatThrownBy(() -> next.proceed(once)).isInstanceOf(IllegalStateException.class);
        assertThat(next.calls()).isEqualTo(4);
    }

    @Test
    void nextAnswersInTurn() throws Exception {
        FakeNext next = FakeNext.answeringInTurn(Response.of(503), Response.of(200));
        Request request = Requests.get("/").build();

        assertThat(next.proceed(request).status()).isEqualTo(503);
        assertThat(next.proceed(request).status()).isEqualTo(200);
        assertThatThrownBy(() -> next.proceed(request)).isInstanceOf(AssertionError.class);
    }

    @Test
    void trackedBodyRemembersWhatWasDoneWithIt() throws IOException {
        TrackedBody body = TrackedBody.chunked("hello", Headers.of("x-sum", "5"));
        assertThat(body.isUntouched()).isTrue();
        assertThat(body.trailers().isEmpty()).isTrue();

        try (InputStream in = body.open()) {
            in.readAllBytes();
        }
        body.close();

        assertThat(body.bytesRead()).isEqualTo(5);
        assertThat(body.isEnded()).isTrue();
        assertThat(body.trailers().get("x-sum")).isEqualTo("5");
        assertThat(body.closes()).isEqualTo(1);
        assertThatThrownBy(body::open).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void brokenBodyGivesItsTextAndThenFails() {
        TrackedBody body = TrackedBody.breakingAfter("hel");

        assertThatThrownBy(() -> body.open().readAllBytes()).isInstanceOf(IOException.class);
        assertThat(body.bytesRead()).isEqualTo(3);
    }

    @Test
    void exchangeCallsListenersInReverseAndOnce() {
        FakeExchange exchange = FakeExchange.create();
        List<String> called = new ArrayList<>();
        exchange.onComplete(how -> called.add("first " + how.status()));
        exchange.onComplete(how -> called.add("second " + how.outcome()));

        exchange.complete(200);

        assertThat(called).containsExactly("second " + Completion.Outcome.COMPLETED, "first 200");
        assertThatThrownBy(() -> exchange.complete(200)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void exchangeRecordsWhatStepsLeaveOnIt() {
        ManualClock clock = new ManualClock();
        FakeExchange exchange = FakeExchange.builder().clock(clock).build();
        TrackedBody body = exchange.body("hello");
        exchange.put(Attribute.of("tier", String.class), "gold");
        exchange.note("verdict", "allowed");
        exchange.interim(103, Headers.of("link", "</a.css>"));
        clock.advance(Duration.ofMillis(7));

        assertThat(exchange.get(Attribute.of("tier", String.class))).isEqualTo("gold");
        assertThat(exchange.notes()).containsEntry("verdict", "allowed");
        assertThat(exchange.interims())
                .singleElement()
                .satisfies(sent -> assertThat(sent.status()).isEqualTo(103));
        assertThat(exchange.elapsed()).isEqualTo(Duration.ofMillis(7));
        assertThat(exchange.openBodies()).containsExactly(body);
        assertThatThrownBy(() -> exchange.note("body", body)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void requestHasAHostAndAnExchangeOfItsOwn() {
        Requests.Builder builder = Requests.get("/a?b=c").header("X-Key", "1").client("203.0.113.9");

        Request one = builder.build();
        Request two = builder.build();

        assertThat(one.header("host")).isEqualTo("gateway.test");
        assertThat(one.target().parameter("b")).isEqualTo("c");
        assertThat(one.exchange().client().getHostAddress()).isEqualTo("203.0.113.9");
        assertThat(one.exchange()).isNotSameAs(two.exchange());
    }
}
