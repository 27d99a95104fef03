package dev.sallyport.kernel.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Steps with {@code onError: skip}. */
class SkippingFilterTest {

    private final AtomicInteger upstream = new AtomicInteger();

    @Test
    void goesOnAsTheRequestCameWhereAStepFailsAtOnce() throws Exception {
        Filter fails = (request, next) -> {
            throw new IllegalStateException("broken");
        };

        assertThat(answer(fails, once("hello"))).isEqualTo("upstream got hello");
    }

    @Test
    void goesOnWhereAStepReturnsNull() throws Exception {
        assertThat(answer((request, next) -> null, once("hello"))).isEqualTo("upstream got hello");
    }

    @Test
    void goesOnWhereAStepRecursesForEver() throws Exception {
        assertThat(answer(SkippingFilterTest::deeper, once("hello"))).isEqualTo("upstream got hello");
    }

    @Test
    void passesOnWhatNextGaveWhereAStepFailsAfterIt() throws Exception {
        Filter fails = (request, next) -> {
            next.proceed(request);
            throw new IllegalStateException("broken");
        };

        assertThat(answer(fails, once("hello"))).isEqualTo("upstream got hello");
        assertThat(upstream).hasValue(1);
    }

    @Test
    void passesOnTheExceptionOfNextWhereAStepMakesAnotherOfIt() {
        UpstreamException gone = new UpstreamException(UpstreamException.Kind.RESET, "gone", null);
        Filter wraps = (request, next) -> {
            try {
                return next.proceed(request);
            } catch (UpstreamException e) {
                throw new IllegalStateException(e);
            }
        };
        Next end = request -> {
            throw gone;
        };

        assertThatThrownBy(() -> chain(wraps, end).proceed(StepNodeTest.request(Body.empty())))
                .isSameAs(gone);
    }

    @Test
    void passesOnTheFailureOfALaterStep() {
        IOException failure = new IOException("later");
        Next end = request -> {
            throw failure;
        };

        assertThatThrownBy(() -> chain((request, next) -> next.proceed(request), end)
                        .proceed(StepNodeTest.request(Body.empty())))
                .isSameAs(failure);
    }

    @Test
    void isNoWayAroundADecision() throws Exception {
        Filter refuses = (request, next) -> new Problem(403, "forbidden", "Forbidden").toResponse(request);

        Response response = chain(refuses, this::upstream).proceed(StepNodeTest.request(Body.empty()));

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.problem()).isNotNull();
    }

    @Test
    void failsWhereTheStepHasBegunToReadTheBody() {
        Filter reads = (request, next) -> {
            request.body().open().read();
            throw new IllegalStateException("broken");
        };

        assertThatThrownBy(() -> answer(reads, once("hello"))).hasMessage("broken");
        assertThat(upstream).hasValue(0);
    }

    @Test
    void goesOnWhereTheBodyCanBeReadAgain() throws Exception {
        Filter reads = (request, next) -> {
            request.body().open().read();
            throw new IllegalStateException("broken");
        };

        assertThat(answer(reads, Body.of("hello"))).isEqualTo("upstream got hello");
    }

    @Test
    void failsWhereTheStepHasBegunToReadTheAnswer() {
        Filter reads = (request, next) -> {
            next.proceed(request).body().open().read();
            throw new IllegalStateException("broken");
        };

        assertThatThrownBy(() -> answer(reads, once("hello"))).hasMessage("broken");
    }

    @Test
    void leavesAStepThatDoesWellAlone() throws Exception {
        Filter changes = (request, next) ->
                Response.text(200, next.proceed(request).body().text(100) + "!");

        assertThat(answer(changes, once("hello"))).isEqualTo("upstream got hello!");
    }

    private String answer(Filter filter, Body body) throws Exception {
        return chain(filter, this::upstream)
                .proceed(StepNodeTest.request(body))
                .body()
                .text(100);
    }

    private Response upstream(Request request) throws IOException {
        upstream.incrementAndGet();
        return Response.of(200).withBody(once("upstream got " + request.body().text(100)));
    }

    private static Next chain(Filter filter, Next end) {
        return new StepNode(StepNodeTest.name("step"), new SkippingFilter("step", filter), null, 0, end);
    }

    private static Body once(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Body.of(new ByteArrayInputStream(bytes), bytes.length);
    }

    @SuppressWarnings("InfiniteRecursion") // so it is meant
    private static Response deeper(Request request, Next next) {
        return deeper(request, next);
    }
}
