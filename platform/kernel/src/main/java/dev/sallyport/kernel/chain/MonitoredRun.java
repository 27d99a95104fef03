package dev.sallyport.kernel.chain;

import dev.sallyport.api.Body;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.Tunnel;
import dev.sallyport.kernel.trace.Monitored;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** One request in a monitored step: what the step is shown, and what has become of the real one. For one thread. */
@SuppressWarnings("ReferenceEquality") // whether it is the very request, response, body or exception
final class MonitoredRun implements Next {

    private final Request request;
    private final Next next;
    private final Request shown;
    private final ShownBody shownBody;
    private boolean called;
    private boolean ended;
    private @Nullable Response response;
    private @Nullable Response shownResponse;
    private @Nullable ShownBody shownAnswer;
    private @Nullable Throwable thrown;
    private @Nullable Request passed;

    MonitoredRun(Request request, Next next) {
        this.request = request;
        this.next = next;
        LiveExchange exchange = (LiveExchange) request.exchange();
        shownBody = new ShownBody(request.body());
        shown = new Request(
                request.method(),
                request.target(),
                request.headers(),
                request.body().isEmpty() ? request.body() : shownBody,
                request.upgrade(),
                exchange.monitoredView());
    }

    /** The request as the step sees it. */
    Request shown() {
        return shown;
    }

    /** The step goes on: what it passes on is looked at, the real request is what goes on. */
    @Override
    public Response proceed(Request asked) throws Exception {
        if (ended) {
            throw new IllegalStateException("next was called after the step had returned (expected: before)");
        }
        passed = asked;
        if (!called) {
            goOn();
        }
        Response known = shownResponse;
        if (known != null) {
            return known;
        }
        throw rethrown();
    }

    private void goOn() throws Exception {
        called = true;
        try {
            Body body = shownBody.goesOn();
            Response given = next.proceed(body == request.body() ? request : request.withBody(body));
            response = given;
            shownResponse = shown(given);
        } catch (Throwable t) {
            thrown = t;
            throw t;
        }
    }

    private Response shown(Response given) {
        if (given.tunnel() != null) {
            return Response.upgrade(given.status(), given.headers(), new NoTunnel());
        }
        if (given.body().isEmpty() || given.problem() != null) {
            return given; // a problem's body is a text in memory, and is known as one only while it is the same
        }
        ShownBody body = new ShownBody(given.body());
        shownAnswer = body;
        return given.withBody(body);
    }

    private Exception rethrown() throws Exception {
        return switch (thrown) {
            case Exception e -> e;
            case Error e -> throw e;
            case null, default -> new IllegalStateException("next has neither returned nor thrown");
        };
    }

    /** The step has returned or failed; what it has given is dropped. */
    void end(@Nullable Response given) {
        ended = true;
        if (given == null || given == shownResponse || given == response) {
            return;
        }
        if (given.tunnel() != null) {
            given.tunnel().close();
        }
        if (given.body() != shownAnswer) {
            given.body().close();
        }
    }

    /** What the exchange goes on with. */
    Response outcome() throws Exception {
        if (!called) {
            goOn();
        }
        Response given = response;
        if (given == null) {
            throw rethrown();
        }
        ShownBody copied = shownAnswer;
        Body body = copied == null ? given.body() : copied.goesOn();
        return body == given.body() ? given : given.withBody(body);
    }

    boolean isCalled() {
        return called;
    }

    /** What came out of next in the place of a response. */
    @Nullable
    Throwable thrown() {
        return thrown;
    }

    boolean threw(Throwable failure) {
        return thrown == failure;
    }

    /** Whether the step wanted to see a body that it could not be shown. */
    boolean isUnknown() {
        return shownBody.isRefused() || (shownAnswer != null && shownAnswer.isRefused());
    }

    /** How reading a body failed while it was to be shown. */
    @Nullable
    IOException broken() {
        ShownBody answer = shownAnswer;
        return shownBody.broken() != null ? shownBody.broken() : answer == null ? null : answer.broken();
    }

    boolean changesRequest() {
        Request asked = passed;
        return asked != null
                && asked != shown
                && (!asked.method().equals(shown.method())
                        || !asked.target().equals(shown.target())
                        || !asked.headers().equals(shown.headers())
                        || asked.body() != shown.body());
    }

    boolean changesResponse(Response given) {
        Response known = shownResponse;
        return known != null
                && given != known
                && (given.status() != known.status()
                        || !given.headers().equals(known.headers())
                        || given.body() != known.body());
    }

    /** All that a trace tells of it. */
    Monitored seen(String verdict, @Nullable Response given, @Nullable Throwable failure) {
        return new Monitored(shown, passed, shownResponse, given, verdict, failure);
    }

    /** What a switch of protocols has led to is not shown. */
    private static final class NoTunnel implements Tunnel {

        @Override
        public InputStream input() {
            throw new IllegalStateException("a tunnel is not shown to a monitored step");
        }

        @Override
        public OutputStream output() {
            throw new IllegalStateException("a tunnel is not shown to a monitored step");
        }

        @Override
        public void close() {
            // there is nothing to close
        }
    }
}
