package dev.sallyport.kernel.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Body;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.trace.StepName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What the kernel guards of the contract between steps. */
class StepNodeTest {

    private final List<String> log = new ArrayList<>();

    @Test
    void runsStepsInOrderAndBackInReverse() throws Exception {
        Next chain = chain(stamp("a"), stamp("b"), stamp("c"));

        chain.proceed(request(Body.empty()));

        assertThat(log).containsExactly("a>", "b>", "c>", "upstream", "<c", "<b", "<a");
    }

    @Test
    void letsAStepThatRetriesRunThoseBelowItAgain() throws Exception {
        Filter retry = (request, next) -> {
            next.proceed(request);
            return next.proceed(request);
        };
        Next chain = chain(stamp("a"), retry, stamp("b"), stamp("c"));

        chain.proceed(request(Body.of("replayable")));

        assertThat(log)
                .containsExactly("a>", "b>", "c>", "upstream", "<c", "<b", "b>", "c>", "upstream", "<c", "<b", "<a");
    }

    @Test
    void refusesASecondNextWithABodyThatIsGone() {
        Filter twice = (request, next) -> {
            next.proceed(request);
            return next.proceed(request);
        };
        Request request = request(Body.of(new ByteArrayInputStream(new byte[1]), 1));

        assertThatThrownBy(() -> chain(twice).proceed(request))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot be replayed");
    }

    @Test
    void refusesNextAfterTheStepHasReturned() throws Exception {
        AtomicReference<Next> kept = new AtomicReference<>();
        Filter keeps = (request, next) -> {
            kept.set(next);
            return next.proceed(request);
        };
        Request request = request(Body.empty());
        chain(keeps).proceed(request);

        assertThatThrownBy(() -> kept.get().proceed(request))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("after the step had returned");
    }

    @Test
    void refusesNextOnAnotherThread() {
        Filter elsewhere = (request, next) -> {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                return threads.submit(() -> next.proceed(request)).get();
            }
        };

        assertThatThrownBy(() -> chain(elsewhere).proceed(request(Body.empty())))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("another thread");
    }

    @Test
    void hasWorkDoneBesideTheExchangeByTheRestOfTheChain() throws Exception {
        CompletableFuture<String> read = new CompletableFuture<>();
        CountDownLatch mayGoOn = new CountDownLatch(1);
        Filter serves = (request, next) -> {
            boolean begun = next.beside(request, (copy, rest) -> {
                mayGoOn.await();
                Response response = rest.proceed(copy);
                copy.exchange().onComplete(completion -> read.complete(completion.outcome() + " " + log));
                return response;
            });
            return Response.of(begun ? 203 : 500);
        };
        Next chain = chain(stamp("a"), serves, stamp("b"));

        Response answer = chain.proceed(request(Body.empty()));
        log.add("answered");
        mayGoOn.countDown();

        assertThat(answer.status()).isEqualTo(203);
        assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo("COMPLETED [a>, <a, answered, b>, upstream, <b]");
    }

    @Test
    void workBesideThatFailsTouchesNobody() throws Exception {
        CompletableFuture<Completion> completion = new CompletableFuture<>();
        Filter serves = (request, next) -> {
            next.beside(request, (copy, rest) -> {
                copy.exchange().onComplete(completion::complete);
                throw new IOException("broken");
            });
            return next.proceed(request);
        };

        assertThat(chain(serves).proceed(request(Body.empty())).status()).isEqualTo(204);

        assertThat(completion.get(10, TimeUnit.SECONDS).failure()).contains("broken");
    }

    @Test
    void refusesNull() {
        Filter nothing = (request, next) -> null;

        assertThatThrownBy(() -> chain(nothing).proceed(request(Body.empty())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("null");
    }

    @Test
    void remembersTheInnermostStepThatFailed() {
        IOException failure = new IOException("x");
        Filter fails = (request, next) -> {
            throw failure;
        };
        Request request = request(Body.empty());
        LiveExchange exchange = (LiveExchange) request.exchange();

        assertThatThrownBy(() -> chain(stamp("a"), fails).proceed(request)).isSameAs(failure);

        StepNode step = exchange.failedStep(failure);
        assertThat(step).isNotNull();
        assertThat(step.name()).isEqualTo("test, step step1");
        assertThat(exchange.current()).isNull();
    }

    @Test
    void passesByAStepWhoseConditionDoesNotHold() throws Exception {
        Next end = request -> Response.of(204);
        StepNode step =
                new StepNode(name("x"), stamp("x"), request -> request.path().equals("/x"), 0, end);

        step.proceed(request(Body.empty()));

        assertThat(log).isEmpty();
    }

    private Filter stamp(String name) {
        return (request, next) -> {
            log.add(name + ">");
            Response response = next.proceed(request);
            log.add("<" + name);
            return response;
        };
    }

    private Next chain(Filter... filters) {
        Next next = request -> {
            log.add("upstream");
            return Response.of(204);
        };
        for (int i = filters.length - 1; i >= 0; i--) {
            next = new StepNode(name("step" + i), filters[i], null, i, next);
        }
        return next;
    }

    static StepName name(String id) {
        return new StepName("test", id, "test", null);
    }

    static Request request(Body body) {
        return request(body, 8);
    }

    static Request request(Body body, int slots) {
        Generation generation = Generations.of(request -> Response.of(204), slots, () -> {});
        InetAddress loopback = InetAddress.getLoopbackAddress();
        LiveExchange exchange = new LiveExchange(
                new LiveExchange.Facts(
                        "id",
                        "web",
                        "http",
                        "HTTP/1.1",
                        loopback,
                        new InetSocketAddress(loopback, 1),
                        false,
                        null,
                        false,
                        (status, headers) -> {}),
                generation,
                ended -> {});
        return new Request("GET", RequestTarget.parse("/"), Headers.empty(), body, null, exchange);
    }
}
