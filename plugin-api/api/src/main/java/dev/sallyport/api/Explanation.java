package dev.sallyport.api;

import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What a step would do with a request, as far as it can be known without sending it: see {@link Filter#explain}.
 *
 * <p>The gateway shows by itself what a request that is passed on differs in from the one that came, and what the step noted
 * on the exchange; so a text says what neither shows.
 */
public sealed interface Explanation {

    /** What people should know besides, as one sentence without a full stop; {@code ""} for nothing. No secrets. */
    String text();

    /**
     * It would pass the request on.
     *
     * @param request as it would be passed on: later steps are judged by it
     */
    record Passes(Request request, String text) implements Explanation {}

    /**
     * It would answer by itself.
     *
     * @param status the status of that answer
     */
    record Answers(int status, String text) implements Explanation {}

    /** It cannot be known without sending. The text says what it would depend on. */
    record Unknown(String text) implements Explanation {}

    /**
     * The explanation of a filter whose {@link Filter#handle} only computes: it is run, with nothing behind it. Not for a
     * filter that counts, writes, waits or asks somebody.
     *
     * {@snippet :
     * @Override
     * public Explanation explain(Request request) throws Exception {
     *     return Explanation.ofRun(this, request);
     * }
     * }
     *
     * @throws Exception where the filter fails
     */
    static Explanation ofRun(Filter filter, Request request) throws Exception {
        AtomicReference<@Nullable Request> passed = new AtomicReference<>();
        Response response = filter.handle(request, onward -> {
            passed.set(onward);
            return Response.of(200);
        });
        Request onward = passed.get();
        if (onward == null) {
            return new Answers(response.status(), told(response));
        }
        Set<String> set = response.headers().names();
        return new Passes(onward, set.isEmpty() ? "" : "on the response, sets " + String.join(", ", set));
    }

    private static String told(Response response) {
        Problem problem = response.problem();
        if (problem == null) {
            String location = response.header("location");
            return location == null ? "" : "to " + location;
        }
        String detail = problem.detail() == null ? "" : ": " + problem.detail();
        return problem.title() + (detail.endsWith(".") ? detail.substring(0, detail.length() - 1) : detail);
    }
}
