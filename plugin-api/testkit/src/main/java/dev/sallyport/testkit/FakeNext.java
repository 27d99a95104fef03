package dev.sallyport.testkit;

import dev.sallyport.api.Body;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The rest of a chain: answers as it is told and records each request that reached it. Thread-safe.
 *
 * <p>As the gateway does, it refuses a second call within one exchange unless the request's body can be replayed.
 *
 * {@snippet :
 * FakeNext next = FakeNext.answering(Response.text(200, "hello"));
 * Response response = filter.handle(Requests.get("/").build(), next);
 * assertThat(next.request().header("x-stamp")).isEqualTo("1");
 * }
 */
public final class FakeNext implements Next {

    private final Next answer;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Exception> besideFailures = new CopyOnWriteArrayList<>();
    private final Set<Exchange> seen = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    private FakeNext(Next answer) {
        this.answer = answer;
    }

    /** Answers 200 without a body. */
    public static FakeNext ok() {
        return answering(Response.of(200));
    }

    /** Answers the same each time. */
    public static FakeNext answering(Response response) {
        return new FakeNext(request -> response);
    }

    /** Answers by a function of the request, which may throw. */
    public static FakeNext answering(Next answer) {
        return new FakeNext(answer);
    }

    /** Answers one after the other; a call beyond the last is an {@link AssertionError}. */
    public static FakeNext answeringInTurn(Response... responses) {
        List<Response> left = new CopyOnWriteArrayList<>(responses);
        return new FakeNext(request -> {
            if (left.isEmpty()) {
                throw new AssertionError("next: called more than " + responses.length + " times");
            }
            return left.removeFirst();
        });
    }

    /** Fails each time. */
    public static FakeNext failing(Exception failure) {
        return new FakeNext(request -> {
            throw failure;
        });
    }

    @Override
    public Response proceed(Request request) throws Exception {
        boolean again = !seen.add(request.exchange());
        requests.add(request);
        if (again && !request.body().isReplayable()) {
            throw new IllegalStateException("next: called again with a body that cannot be replayed");
        }
        return answer.proceed(request);
    }

    /** Does the work at once, with an exchange of its own, and reads its response to the end; that exchange is complete then. */
    @Override
    public boolean beside(Request request, Work work) {
        FakeExchange exchange = FakeExchange.builder().build();
        int status = 500;
        try {
            Response response = work.run(
                    new Request(request.method(), request.target(), request.headers(), request.body(), null, exchange),
                    this);
            try (Body body = response.body();
                    InputStream in = body.open()) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            status = response.status();
        } catch (Exception failure) {
            besideFailures.add(failure);
        }
        exchange.complete(status);
        return true;
    }

    /** How what was done beside has failed. */
    public List<Exception> besideFailures() {
        return List.copyOf(besideFailures);
    }

    /** How often it was called. */
    public int calls() {
        return requests.size();
    }

    /** The requests that reached it, in order. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /**
     * The one request that reached it.
     *
     * @throws AssertionError where it was not called exactly once
     */
    public Request request() {
        if (requests.size() != 1) {
            throw new AssertionError("next: called " + requests.size() + " times (expected: once)");
        }
        return requests.getFirst();
    }
}
