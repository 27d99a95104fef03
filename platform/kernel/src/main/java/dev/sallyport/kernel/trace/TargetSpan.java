package dev.sallyport.kernel.trace;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.upstream.Moment;
import tools.jackson.databind.node.ObjectNode;

/** One try at a target, as it is recorded. For the thread of the exchange; {@link #at} may come from others. */
public final class TargetSpan {

    private final Recording recording;
    private final ObjectNode json;
    private final long start;
    private long wireStart;
    private boolean made;

    TargetSpan(Recording recording, ObjectNode json, Attempt tried) {
        this.recording = recording;
        this.json = json;
        start = recording.now();
        json.put("number", tried.number())
                .put("upstream", tried.upstream())
                .put("target", recording.mask().text(tried.shown()))
                .put("startMicros", recording.sinceStart());
    }

    /** The request goes to the wire, after the steps of the attempt. */
    public synchronized void sending() {
        wireStart = recording.now();
    }

    /** A part of the making of a new connection is done, and took so many nanoseconds. */
    public synchronized void at(Moment moment, long nanos) {
        made = true;
        json.put(
                switch (moment) {
                    case RESOLVED -> "resolveMicros";
                    case CONNECTED -> "connectMicros";
                    case SECURED -> "tlsMicros";
                },
                Recording.micros(nanos));
    }

    /** The head of the response has come. */
    public synchronized void head() {
        json.put("connection", made ? "new" : "kept");
        json.put("firstByteMicros", Recording.micros(recording.now() - wireStart));
    }

    /** It has given a response. */
    public synchronized void answered(Response response) {
        json.put("status", response.status());
        json.put("totalMicros", Recording.micros(recording.now() - start));
    }

    /** It has failed, or a step has refused the target. */
    public synchronized void failed(Throwable failure) {
        json.put("failure", recording.mask().text(StepSpan.text(failure)));
        json.put("totalMicros", Recording.micros(recording.now() - start));
    }
}
