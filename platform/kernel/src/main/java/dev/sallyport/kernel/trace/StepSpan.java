package dev.sallyport.kernel.trace;

import dev.sallyport.api.Body;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.TargetUnavailableException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** One stay of an exchange in a step, as it is recorded. For the thread of the exchange. */
public final class StepSpan {

    private static final int MOST_NOTES = 30;

    private final Recording recording;
    private final ObjectNode json;
    private final @Nullable StepSpan outer;
    private final long start;
    private long elsewhere;
    private int calls;
    private boolean monitored;
    private String verdict = "passed";

    // What is compared at its end; not kept beyond it.
    private @Nullable Request entered;
    private @Nullable Response came;
    private @Nullable Throwable thrown;

    StepSpan(Recording recording, ObjectNode json, Request entered, @Nullable StepSpan outer) {
        this.recording = recording;
        this.json = json;
        this.entered = entered;
        this.outer = outer;
        start = recording.now();
    }

    /** Runs what comes after the step, whose time is not the step's own. */
    public Response passOn(Request passed, Next rest) throws Exception {
        calls++;
        came = null;
        thrown = null;
        long left = recording.now();
        try {
            Request before = entered;
            if (before != null) {
                changes(before, passed);
            }
            Response given = rest.proceed(passed);
            came = given;
            return given;
        } catch (Throwable t) {
            thrown = t;
            throw t;
        } finally {
            elsewhere += recording.now() - left;
            recording.left(this);
        }
    }

    private void changes(Request before, Request passed) {
        if (before == passed) {
            return;
        }
        Mask mask = recording.mask();
        if (!passed.method().equals(before.method())) {
            request().put("method", passed.method());
        }
        if (!passed.target().equals(before.target())) {
            request().put("target", mask.target(passed.target()));
        }
        ObjectNode headers = mask.changes(before.headers(), passed.headers());
        if (headers != null) {
            request().set("headers", headers);
        }
        body(before.body(), passed.body(), true);
    }

    private ObjectNode request() {
        return json.withObjectProperty("request");
    }

    @SuppressWarnings("ReferenceEquality") // whether it is the very body
    private void body(Body before, Body after, boolean ofRequest) {
        if (before != after) {
            ObjectNode sizes =
                    json.withObjectProperty(ofRequest ? "request" : "response").putObject("body");
            size(sizes, "from", before);
            size(sizes, "to", after);
        }
    }

    /** Null where it streams and its length is not known. */
    private static void size(ObjectNode json, String name, Body body) {
        if (body.length() < 0) {
            json.putNull(name);
        } else {
            json.put(name, body.length());
        }
    }

    void note(String name, Object value) {
        ObjectNode notes = json.withObjectProperty("notes");
        if (notes.size() >= MOST_NOTES) {
            return;
        }
        switch (value) {
            case Boolean flag -> notes.put(name, flag);
            case Double number -> notes.put(name, number);
            case Float number -> notes.put(name, number);
            case Number number -> notes.put(name, number.longValue());
            default -> notes.put(name, recording.mask().note(name, String.valueOf(value)));
        }
    }

    void skipped(String why) {
        verdict = "skipped";
        json.put("failure", recording.mask().text(why));
    }

    /** The step gave that response. */
    public void gave(Response given) {
        if (monitored) {
            return;
        }
        Response inner = came;
        if (inner == null) {
            verdict = "answered";
            if (thrown != null) {
                json.put("insteadOf", kind(thrown));
            }
        }
        changes(inner, given);
    }

    /** The step enforces nothing, and would have done that. */
    void monitored(Monitored would) {
        monitored = true;
        verdict = would.verdict();
        json.put("mode", "monitor");
        json.remove("request"); // what went on is the request itself
        if (would.passed() != null) {
            changes(would.entered(), would.passed());
        }
        if (would.given() != null) {
            changes(would.came(), would.given());
        }
        if (would.failure() != null) {
            json.put("failure", recording.mask().text(text(would.failure())));
        }
    }

    private void changes(@Nullable Response inner, Response given) {
        Mask mask = recording.mask();
        if (inner == null) {
            ObjectNode answer = json.withObjectProperty("response").put("status", given.status());
            answer.set("headers", mask.headers(given.headers()));
            size(answer, "bodyBytes", given.body());
        } else if (inner != given) {
            if (inner.status() != given.status()) {
                json.withObjectProperty("response").put("status", given.status());
            }
            ObjectNode headers = mask.changes(inner.headers(), given.headers());
            if (headers != null) {
                json.withObjectProperty("response").set("headers", headers);
            }
            body(inner.body(), given.body(), false);
        }
        Problem problem = given.problem();
        if (problem != null && (inner == null || !problem.equals(inner.problem()))) {
            ObjectNode told = json.withObjectProperty("problem")
                    .put("code", problem.code())
                    .put("title", problem.title());
            if (problem.detail() != null) {
                told.put("detail", mask.text(problem.detail()));
            }
        }
    }

    /** An exception came out of the step: its own, or one of what comes after it. */
    @SuppressWarnings("ReferenceEquality") // one and the same exception on its way out
    public void failed(Throwable failure) {
        if (failure == thrown) {
            json.put("passedOn", kind(failure));
            return;
        }
        verdict = failure instanceof TargetUnavailableException ? "refused-target" : "failed";
        json.put("failure", recording.mask().text(text(failure)));
    }

    /** Its class and message. */
    static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? kind(failure) : kind(failure) + ": " + message;
    }

    private static String kind(Throwable failure) {
        return failure.getClass().getSimpleName();
    }

    /** The step is left. */
    public void leave() {
        long total = recording.now() - start;
        json.put("selfMicros", Recording.micros(total - elsewhere));
        json.put("totalMicros", Recording.micros(total));
        json.put("verdict", verdict);
        if (calls > 1) {
            json.put("nextCalls", calls);
        }
        entered = null;
        came = null;
        thrown = null;
        recording.left(outer);
    }
}
