package dev.sallyport.kernel.chain;

import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.trace.Recording;
import dev.sallyport.kernel.trace.StepSpan;

/** A step whose exchanges are recorded. */
final class TracedStep implements Node {

    private final StepNode step;
    private final Next rest;

    /** @param rest what comes after it, recorded too */
    TracedStep(StepNode step, Next rest) {
        this.step = step;
        this.rest = rest;
    }

    @Override
    public Response proceed(Request request) throws Exception {
        Recording recording = LiveExchange.recordingOf(request);
        if (!step.takes(request)) {
            recording.passedBy(step.what());
            return rest.proceed(request);
        }
        StepSpan span = recording.enter(step.what(), request);
        try {
            Response response = step.before(passed -> span.passOn(passed, rest)).proceed(request);
            span.gave(response);
            return response;
        } catch (Throwable t) {
            span.failed(t);
            throw t;
        } finally {
            span.leave();
        }
    }

    @Override
    public Node traced() {
        return this;
    }
}
