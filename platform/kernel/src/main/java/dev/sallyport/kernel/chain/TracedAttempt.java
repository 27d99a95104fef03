package dev.sallyport.kernel.chain;

import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.trace.TargetSpan;
import java.util.Objects;

/** The begin of an attempt that is recorded: its target is chosen. */
record TracedAttempt(Next attempt) implements Node {

    @Override
    public Response proceed(Request request) throws Exception {
        TargetSpan span = LiveExchange.recordingOf(request)
                .attempt(Objects.requireNonNull(request.exchange().attempt(), "attempt"));
        try {
            Response response = attempt.proceed(request);
            span.answered(response);
            return response;
        } catch (Throwable t) {
            span.failed(t);
            throw t;
        }
    }

    @Override
    public Node traced() {
        return this;
    }
}
