package dev.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sallyport.api.Body;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What every filter must keep, as a test class to inherit.
 *
 * {@snippet :
 * final class StampContractTest extends FilterContract {
 *     @Override
 *     protected Filter create(FakeContext context) {
 *         return new StampFactory().create(new StampFactory.Config("x-stamp"), context);
 *     }
 * }
 * }
 *
 * <ol>
 *   <li>It answers, never with null, and calls next at most once, before it returns.
 *   <li>It leaves a body that it does not change unread, and closes one that it replaces.
 *   <li>It passes failures of what comes after it on.
 *   <li>A hundred exchanges can be inside it at the same time, and nothing of one is seen in another.
 *   <li>It passes its own test, and serves after it as without it.
 *   <li>It does what it explains that it would do, and explaining changes nothing.
 *   <li>Closing it twice does no harm, and after it was closed no thread is left.
 * </ol>
 *
 * <p>A filter whose very purpose is an exception to one of these says so by {@link #traits}.
 */
public abstract class FilterContract {

    private static final String MARK = "x-contract";

    /** A purpose that excepts a filter from a rule. */
    protected enum Trait {
        /** It answers every request itself and never calls next. */
        ANSWERS,
        /** It may call next more than once for a body that can be replayed. */
        RETRIES,
        /** It turns failures of the upstream into answers. */
        HANDLES_FAILURES,
        /** It may answer one exchange with the response of another. */
        SHARES_RESPONSES
    }

    /** For classes that inherit the contract. */
    protected FilterContract() {}

    /** Makes a fresh filter; the contract closes it. */
    protected abstract Filter create(FakeContext context) throws Exception;

    /** A context to make filters with, where the filter needs more than an empty one has; the contract closes it. */
    protected FakeContext context() {
        return FakeContext.create();
    }

    /** A request that the filter lets pass, made anew each time; the contract gives it its body and its exchange. */
    protected Requests.Builder passing() {
        return Requests.of("POST", "/");
    }

    /** The exchange of a passing request, for filters that look at the client, the consumer, …; the contract sets its id. */
    protected FakeExchange.Builder exchange() {
        return FakeExchange.builder();
    }

    /** In what the filter's purpose excepts it; nothing, unless overridden. */
    protected Set<Trait> traits() {
        return EnumSet.noneOf(Trait.class);
    }

    /** How long to wait for what should happen at once; the kit's own tests wait for what never does. */
    Duration patience() {
        return Duration.ofSeconds(10);
    }

    /** Passes its own test, without a request, and answers after it. */
    @Test
    final void passesItsSelfTestAndServesThen() throws Exception {
        try (Run run = new Run()) {
            run.filter.selfTest();

            assertAnswered(run.filter.handle(run.request("a"), FakeNext.answering(this::upstream)));
        }
    }

    /** Answers, and calls next as often as it may. */
    @Test
    final void answersAndCallsNextOnce() throws Exception {
        try (Run run = new Run()) {
            FakeNext next = FakeNext.answering(this::upstream);

            Response response = run.filter.handle(run.request("a"), next);

            assertAnswered(response);
            if (has(Trait.ANSWERS)) {
                assertThat(next.calls()).as("calls of next").isZero();
            } else if (has(Trait.RETRIES)) {
                assertThat(next.calls()).as("calls of next").isPositive();
            } else {
                assertThat(next.calls()).as("calls of next").isEqualTo(1);
            }
        }
    }

    /** Once it has returned, next is not called any more. */
    @Test
    final void doesNotCallNextAfterItHasReturned() throws Exception {
        FakeNext next = FakeNext.answering(this::upstream);
        int calls;
        try (Run run = new Run()) {
            Response response = run.filter.handle(run.request("a"), next);
            calls = next.calls();
            assertAnswered(response);
            run.finish(response);
        }

        assertThat(next.calls()).as("calls of next after the step has returned").isEqualTo(calls);
    }

    /** A request body is passed on unread, or is read and closed. */
    @Test
    final void leavesTheRequestBodyUnreadOrClosesIt() throws Exception {
        try (Run run = new Run()) {
            TrackedBody body = TrackedBody.of("a request body");
            List<Integer> opensBeforeNext = new ArrayList<>();
            List<Boolean> same = new ArrayList<>();
            FakeNext next = FakeNext.answering(request -> {
                opensBeforeNext.add(body.opens());
                same.add(request.body() == body);
                return upstream(request);
            });

            Response response = run.filter.handle(run.request("a", body), next);

            assertAnswered(response);
            run.finish(response);
            for (int call = 0; call < same.size(); call++) {
                if (same.get(call)) {
                    assertThat(opensBeforeNext.get(call))
                            .as("opens of a body that was passed on")
                            .isZero();
                } else {
                    assertThat(body.isClosed())
                            .as("closed the request body that it replaced")
                            .isTrue();
                }
            }
            assertThat(body.opens()).as("opens of the request body").isLessThanOrEqualTo(1);
            assertThat(body.opens() == 0 || body.isClosed())
                    .as("closed the request body that it opened")
                    .isTrue();
        }
    }

    /** A response body is passed on unread, or is closed at the latest when the one in its place is. */
    @Test
    final void leavesTheResponseBodyUnreadOrClosesIt() throws Exception {
        try (Run run = new Run()) {
            List<TrackedBody> bodies = new ArrayList<>();
            FakeNext next = FakeNext.answering(request -> {
                bodies.add(TrackedBody.of("response body " + bodies.size()));
                return answer(request, bodies.getLast());
            });

            Response response = run.filter.handle(run.request("a"), next);

            assertAnswered(response);
            for (TrackedBody body : bodies) {
                if (response.body() == body) {
                    assertThat(body.isUntouched())
                            .as("left the body that it passed on untouched: " + body)
                            .isTrue();
                }
            }
            run.finish(response);
            for (TrackedBody body : bodies) {
                assertThat(body.isClosed())
                        .as("closed the response body that it replaced: " + body)
                        .isTrue();
            }
        }
    }

    /** What it explains is what it does, and explaining twice says the same. */
    @Test
    final void doesWhatItExplains() throws Exception {
        try (Run run = new Run()) {
            Explanation told = run.filter.explain(run.request("a"));
            Explanation again = run.filter.explain(run.request("a"));
            FakeNext next = FakeNext.answering(this::upstream);

            Response response = run.filter.handle(run.request("a"), next);

            assertThat(again.text()).as("explained twice").isEqualTo(told.text());
            run.finish(response);
            switch (told) {
                case Explanation.Passes passes -> {
                    assertThat(next.requests()).as("requests passed on").isNotEmpty();
                    Request passed = next.requests().getFirst();
                    assertThat(passed.method()).isEqualTo(passes.request().method());
                    assertThat(passed.target()).isEqualTo(passes.request().target());
                    assertThat(text(passed.headers()))
                            .isEqualTo(text(passes.request().headers()));
                }
                case Explanation.Answers answers -> {
                    assertThat(next.calls()).as("calls of next").isZero();
                    assertThat(response.status()).isEqualTo(answers.status());
                }
                case Explanation.Unknown _ -> {
                    // then there is nothing to hold it to
                }
            }
        }
    }

    /** A failure of the upstream reaches the steps further out. */
    @Test
    final void passesFailuresOfTheUpstreamOn() throws Exception {
        UpstreamException failure =
                new UpstreamException(UpstreamException.Kind.RESET, "connection reset by the upstream", null);
        if (!has(Trait.HANDLES_FAILURES)) {
            assertPassesOn(failure);
        }
    }

    /** That the client went away is never turned into an answer. */
    @Test
    final void passesOnThatTheClientIsGone() throws Exception {
        assertPassesOn(new ClientGoneException("the client closed the connection"));
    }

    /** What a later step throws by mistake is not hidden. */
    @Test
    final void passesFailuresOfLaterStepsOn() throws Exception {
        assertPassesOn(new IllegalStateException("a later step failed"));
    }

    /** A hundred exchanges are inside it at once, and each keeps its own request and response. */
    @Test
    final void servesAHundredExchangesAtOnce() throws Exception {
        int threads = 100;
        try (Run run = new Run();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            CyclicBarrier inside = new CyclicBarrier(threads);
            List<Future<Void>> exchanges = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                String name = "exchange-" + i;
                exchanges.add(executor.submit((Callable<Void>) () -> {
                    Request request = run.request(name);
                    if (has(Trait.ANSWERS) || has(Trait.SHARES_RESPONSES)) {
                        inside.await(patience().toMillis(), TimeUnit.MILLISECONDS);
                    }
                    FakeNext next = FakeNext.answering(passed -> {
                        if (!has(Trait.SHARES_RESPONSES)) {
                            inside.await(patience().toMillis(), TimeUnit.MILLISECONDS);
                        }
                        return upstream(passed);
                    });
                    Response response = run.filter.handle(request, next);
                    assertAnswered(response);
                    for (Request passed : next.requests()) {
                        assertThat(passed.exchange())
                                .as("the exchange of a request passed on")
                                .isSameAs(request.exchange());
                    }
                    if (!has(Trait.ANSWERS) && !has(Trait.SHARES_RESPONSES)) {
                        assertOwn(next.requests(), response, name);
                    }
                    run.finish(response);
                    return null;
                }));
            }

            Set<String> failures = new TreeSet<>();
            for (Future<Void> exchange : exchanges) {
                Throwable failure = catchThrowable(exchange::get);
                if (failure != null) {
                    failures.add(String.valueOf(failure.getCause()));
                }
            }
            Set<String> held = failures.stream()
                    .filter(failure -> failure.contains("BrokenBarrier") || failure.contains("TimeoutException"))
                    .collect(Collectors.toSet());
            if (!held.equals(failures)) {
                failures.removeAll(held); // the others waited for those that failed
            }

            assertThat(failures)
                    .as("failures of %d exchanges at once (a broken barrier: not all could be inside)", threads)
                    .isEmpty();
        }
    }

    /** What one exchange brought is not seen in the next one. */
    @Test
    final void keepsNothingOfAnExchangeForTheNext() throws Exception {
        try (Run run = new Run()) {
            FakeNext next = FakeNext.answering(this::upstream);
            run.finish(run.filter.handle(run.request("first-mark"), next));

            Response second = run.filter.handle(run.request("second-mark"), next);

            assertAnswered(second);
            List<Request> ofSecond = next.requests().stream()
                    .filter(request -> request.exchange().id().equals("second-mark"))
                    .toList();
            if (!has(Trait.SHARES_RESPONSES)) {
                assertThat(text(second.headers()) + read(second.body()))
                        .as("response of the second exchange")
                        .doesNotContain("first-mark");
            }
            for (Request request : ofSecond) {
                assertThat(request.target() + " " + text(request.headers()))
                        .as("request of the second exchange")
                        .doesNotContain("first-mark");
            }
        }
    }

    /** Closing it a second time does nothing. */
    @Test
    final void closingItTwiceDoesNoHarm() throws Exception {
        try (Run run = new Run()) {
            run.finish(run.filter.handle(run.request("a"), FakeNext.answering(this::upstream)));
            run.filter.close();

            assertThatCode(run.filter::close).as("second close").doesNotThrowAnyException();
        }
    }

    /** After it was closed and what was lent is taken back, all its threads have ended. */
    @Test
    final void leavesNoThreadBehind() throws Exception {
        Map<Long, String> before = Threads.alive();
        try (Run run = new Run()) {
            run.finish(run.filter.handle(run.request("a"), FakeNext.answering(this::upstream)));
        }

        assertThat(Threads.aliveSince(before, patience())).as("threads left").isEmpty();
    }

    private void assertPassesOn(Exception failure) throws Exception {
        if (has(Trait.ANSWERS)) {
            return;
        }
        try (Run run = new Run()) {
            Throwable thrown = catchThrowable(() -> run.filter.handle(run.request("a"), FakeNext.failing(failure)));

            assertThat(thrown).as("what comes out of the step").isSameAs(failure);
        }
    }

    private boolean has(Trait trait) {
        return traits().contains(trait);
    }

    private static void assertAnswered(Response response) {
        assertThat(response).as("response").isNotNull();
    }

    private static void assertOwn(List<Request> passed, Response response, String name) {
        for (Request request : passed) {
            assertThat(request.headers().all(MARK))
                    .as("mark of the request passed on")
                    .isSubsetOf(name);
        }
        assertThat(response.headers().all(MARK)).as("mark of the response").isSubsetOf(name);
    }

    private Response upstream(Request request) {
        return answer(request, TrackedBody.of("answer to " + request.exchange().id()));
    }

    /** As an upstream does, it reads the request's body to its end, and its answer tells whose it is. */
    private static Response answer(Request request, Body body) {
        read(request.body());
        return Response.of(
                200,
                Headers.of(
                        "content-type", "text/plain", MARK, request.exchange().id()),
                body);
    }

    private static String read(Body body) {
        try (body;
                InputStream in = body.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("body: cannot be read: " + e, e);
        }
    }

    private static String text(Headers headers) {
        StringBuilder text = new StringBuilder();
        headers.forEach(field -> text.append(field.getKey())
                .append(": ")
                .append(field.getValue())
                .append('\n'));
        return text.toString();
    }

    /** One filter and what it needs. */
    private final class Run implements AutoCloseable {

        final FakeContext context = context();
        final Filter filter;
        private final List<FakeExchange> exchanges = new CopyOnWriteArrayList<>();

        Run() throws Exception {
            filter = create(context);
        }

        Request request(String name) {
            return request(name, Body.empty());
        }

        Request request(String name, Body body) {
            FakeExchange exchange = exchange().id(name).clock(context.clock()).build();
            exchanges.add(exchange);
            return passing().header(MARK, name).body(body).exchange(exchange).build();
        }

        /** Writes the response to nowhere, as the gateway writes it to the client. */
        void finish(Response response) throws IOException {
            try (Body body = response.body();
                    InputStream in = body.open()) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        }

        @Override
        public void close() {
            exchanges.forEach(exchange -> exchange.complete(200));
            filter.close();
            context.close();
        }
    }
}
