package dev.sallyport.kernel.script;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Response;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What one call fetches. It is asked on a worker and used by the call's own thread, never at once. */
final class Fetches {

    /** The client's to say; a script that passes on the headers of a request passes these on as well. */
    private static final Set<String> OWN = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final Script script;
    /** Of the request that the call is for. */
    private final Headers received;

    private final List<CompletableFuture<?>> sent = new ArrayList<>();
    private final LinkedBlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private int asked;
    private int underWay;

    /**
     * What came of one.
     *
     * @param number of the question
     * @param response null where it failed
     * @param failure what the script is told then; else empty
     */
    record Outcome(int number, @Nullable Response response, String failure) {}

    Fetches(Script script, Headers received) {
        this.script = script;
        this.received = received;
    }

    /** Why the script may not send that; null where it may. */
    @Nullable
    String refused(Question.Fetch question) {
        URI url;
        try {
            url = URI.create(question.url());
        } catch (IllegalArgumentException e) {
            return "fetch: the URL is none";
        }
        if (script.origins().stream().noneMatch(origin -> origin.holds(url))) {
            String origin = url.getScheme() + "://" + url.getRawAuthority();
            return "fetch: " + origin + " (expected: " + (script.origins().isEmpty() ? "nowhere" : script.origins())
                    + "); name it under fetch: of the step";
        }
        if (question.request().content() == Told.Content.STREAM
                || (question.request().content() == Told.Content.UNCHANGED
                        && question.request().source() > 0)) {
            return "fetch: a body that flows (expected: text or bytes); read it first";
        }
        if (++asked > script.limits().fetches()) {
            return "fetch: more than " + script.limits().fetches() + " (limits.fetches)";
        }
        return null;
    }

    boolean areUnderWay() {
        return underWay > 0;
    }

    /**
     * Sends it.
     *
     * @param trial whether it is to be answered by a 200 without a body, and not sent
     * @param nanos how long it may take
     */
    void send(Question.Fetch question, boolean trial, long nanos) {
        question.request().check(script);
        underWay++;
        int number = question.number();
        if (trial) {
            outcomes.add(new Outcome(number, Response.json(200, "{}"), ""));
            return;
        }
        HttpRequest request;
        try {
            request = request(question);
        } catch (IllegalArgumentException | IOException e) {
            outcomes.add(new Outcome(number, null, "fetch: " + e.getMessage()));
            return;
        }
        CompletableFuture<Response> answer =
                script.fetcher().send(request, script.limits().body().bytes());
        sent.add(answer);
        var _ = answer.copy()
                .orTimeout(Math.max(1, nanos), TimeUnit.NANOSECONDS)
                .handle((response, failure) -> {
                    answer.cancel(true); // where it is the time that is over
                    outcomes.add(new Outcome(number, response, failure == null ? "" : told(request.uri(), failure)));
                    return null;
                });
    }

    private HttpRequest request(Question.Fetch question) throws IOException {
        Told told = question.request();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(question.url())).method(question.method(), publisher(told.body()));
        Headers headers = told.headers() != null ? told.headers() : told.source() == 0 ? received : Headers.empty();
        for (int i = 0; i < headers.size(); i++) {
            if (!OWN.contains(headers.name(i).toLowerCase(Locale.ROOT))) {
                request.header(headers.name(i), headers.value(i));
            }
        }
        return request.build();
    }

    private static HttpRequest.BodyPublisher publisher(Body body) throws IOException {
        if (body.isEmpty()) {
            return BodyPublishers.noBody();
        }
        try (InputStream in = body.open()) {
            return BodyPublishers.ofByteArray(in.readAllBytes());
        }
    }

    private String told(URI url, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        script.log().gateway().log(Level.DEBUG, script.name() + ": fetch of " + url.getRawAuthority(), cause);
        String origin = url.getScheme() + "://" + url.getRawAuthority();
        return "fetch: " + origin
                + switch (cause) {
                    case ConnectException e -> " cannot be reached";
                    case UnresolvedAddressException e -> " cannot be reached";
                    case HttpTimeoutException e -> " has not answered in time";
                    case TimeoutException e -> " has not answered in time";
                    case IOException e
                    when String.valueOf(e.getMessage()).contains("body exceeds capacity") ->
                        " answers with more than " + script.limits().body() + " (limits.body)";
                    default -> " broke the connection";
                };
    }

    /** The next one that is done; waits for it. */
    Outcome next() throws InterruptedException {
        Outcome outcome = outcomes.take();
        underWay--;
        return outcome;
    }

    /** Ends those that nobody waits for any more. */
    void end() {
        sent.forEach(one -> one.cancel(true));
    }
}
