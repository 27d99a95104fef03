package dev.sallyport.kernel.script;

import dev.sallyport.api.Body;
import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.api.TargetUnavailableException;
import dev.sallyport.api.UpstreamException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * One call of a script. It belongs to the thread that runs it; while a segment runs on a worker that thread is parked, so
 * the two never touch it at once.
 */
@SuppressWarnings("ReferenceEquality") // A body is the one that came or another one: it has no value to compare.
final class ScriptCall {

    private static final Pattern HOST = Pattern.compile("(?:\\[[0-9a-fA-F:.]+]|[0-9A-Za-z._~-]+)(?::\\d{1,5})?");

    private static final String GONE = "body: sent on already (expected: read it before next)";

    private final Script script;
    private final Request request;
    private final Next next;
    private final boolean quiet;
    private final Queue<Question> questions = new ArrayDeque<>();
    private final Fetches fetches;
    private final List<Contents> contents = new ArrayList<>(2);
    private final List<Response> responses = new ArrayList<>(1);
    private final List<Exception> failures = new ArrayList<>(1);
    private @Nullable Response outcome;
    private @Nullable Exception failure;
    private long nextNanos;

    /** @param quiet whether it is a trial, which leaves neither logs nor notes */
    ScriptCall(Script script, Request request, Next next, boolean quiet) {
        this.script = script;
        this.request = request;
        this.next = next;
        this.quiet = quiet;
        fetches = new Fetches(script, request.headers());
        contents.add(new Contents(request.headers(), request.body()));
    }

    /**
     * Runs the script on this request.
     *
     * @throws Exception what the script let through from next, or a {@link ScriptException}
     */
    Response run(Lease lease, long startNanos) throws Exception {
        Response result = null;
        try {
            Consumer<ScriptContext> segment = context -> context.start(this, request.method());
            while (true) {
                lease.run(segment, left(startNanos));
                if (failure != null) {
                    throw failure;
                }
                result = outcome;
                if (result != null) {
                    warnOfNextThatNobodyAwaits();
                    return result;
                }
                segment = answer(startNanos);
            }
        } finally {
            fetches.end();
            closeUnused(result);
        }
    }

    /** What is fetched comes beside the rest, and beside each other; all else one after the other, as it was asked for. */
    private Consumer<ScriptContext> answer(long startNanos) throws Exception {
        for (Question question : questions) {
            if (question instanceof Question.Fetch fetch) {
                fetches.send(fetch, quiet, left(startNanos));
            }
        }
        questions.removeIf(Question.Fetch.class::isInstance);
        return switch (questions.poll()) {
            case null -> {
                if (!fetches.areUnderWay()) {
                    throw new ScriptException(
                            script.name(), "its promise never settles: it awaits nothing that could come", List.of());
                }
                yield fetched(fetches.next());
            }
            case Question.Proceed proceed -> proceed(proceed);
            case Question.Read read -> read(read);
            case Question.Fetch fetch -> throw new IllegalStateException("sent already: " + fetch.number());
        };
    }

    private Consumer<ScriptContext> fetched(Fetches.Outcome outcome) {
        int number = outcome.number();
        Response response = outcome.response();
        if (response == null) {
            return context -> context.refuse(number, -1, "TypeError", outcome.failure(), null);
        }
        responses.add(response);
        contents.add(new Contents(response.headers(), response.body()));
        int message = responses.size();
        return context -> context.answer(number, message, response.status());
    }

    private void warnOfNextThatNobodyAwaits() {
        if (questions.stream().anyMatch(Question.Proceed.class::isInstance)) {
            script.log()
                    .gateway()
                    .log(
                            System.Logger.Level.WARNING,
                            script.name() + ": next was called and not awaited, so nothing was sent");
        }
    }

    // What HostFunctions tells and asks, on a worker.

    /** The request's URL as it came. */
    String url() {
        String host = request.headers().get("host", "");
        String path = request.path().equals("*") ? "/" : request.target().toString();
        return request.exchange().scheme() + "://" + (HOST.matcher(host).matches() ? host : "localhost") + path;
    }

    Headers headers(int message) {
        return message == 0 ? request.headers() : responses.get(message - 1).headers();
    }

    boolean isEmpty(int message) {
        return message < 0 || contents.get(message).body().isEmpty();
    }

    Exchange exchange() {
        return request.exchange();
    }

    boolean isQuiet() {
        return quiet;
    }

    void note(String name, Object value) {
        if (!quiet) {
            request.exchange().note(name, value);
        }
    }

    void asked(Question question) {
        questions.add(question);
    }

    /** Why that cannot be read; null where it will be. */
    @Nullable
    String askedToRead(Question.Read question) {
        if (contents.get(question.message()).isGone()) {
            return GONE;
        }
        questions.add(question);
        return null;
    }

    /** Why that cannot be fetched; null where it will be. */
    @Nullable
    String askedToFetch(Question.Fetch question) {
        String refused = fetches.refused(question);
        if (refused == null) {
            questions.add(question);
        }
        return refused;
    }

    void finished(int status, Told told) {
        told.check(script);
        if (told.source() < 1) {
            Headers headers = told.headers() == null ? Headers.empty() : told.headers();
            outcome = Response.of(status, headers, body(told));
            return;
        }
        Response base = responses.get(told.source() - 1);
        Response result = status == base.status() ? base : base.withStatus(status);
        if (told.headers() != null) {
            result = result.withHeaders(told.headers());
        }
        Body body = body(told);
        outcome = body == base.body() ? result : result.withBody(body);
    }

    /** @param known the number of the failure that the gateway told the script before; -1 for one of its own */
    void failed(Value reason, int known) {
        failure = known < 0 ? Failures.rejected(script, reason) : failures.get(known);
    }

    void broken(RuntimeException inside) {
        failure = inside;
    }

    // What the script awaits, on the thread of the exchange.

    private Consumer<ScriptContext> proceed(Question.Proceed question) throws Exception {
        int number = question.number();
        Request outgoing;
        try {
            outgoing = outgoing(question);
        } catch (IllegalArgumentException e) {
            return context -> context.refuse(number, -1, "TypeError", "next: " + e.getMessage(), null);
        }
        Contents own = contents.getFirst();
        if (outgoing.body() != own.body()) {
            own.body().close();
        }
        own.passedOn();
        long start = System.nanoTime();
        try {
            Response response = next.proceed(outgoing);
            responses.add(response);
            contents.add(new Contents(response.headers(), response.body()));
            int message = responses.size();
            return context -> context.answer(number, message, response.status());
        } catch (InterruptedException e) {
            throw e;
        } catch (UpstreamException e) {
            String kind = e.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
            return refusal(number, e, "UpstreamError", "the upstream failed: " + kind, kind);
        } catch (TargetUnavailableException e) {
            return refusal(number, e, "UpstreamError", "the target is not available", "unavailable");
        } catch (ClientGoneException e) {
            return refusal(number, e, "AbortError", "the client went away", null);
        } catch (BodyTooLargeException e) {
            return refusal(number, e, "BodyTooLargeError", "body: more than " + e.limit() + " bytes", null);
        } catch (Exception e) {
            return refusal(number, e, "Error", "the rest of the chain failed", null);
        } finally {
            nextNanos += System.nanoTime() - start;
        }
    }

    private Request outgoing(Question.Proceed question) {
        Told told = question.request();
        told.check(script);
        Request result = question.method().equals(request.method()) ? request : request.withMethod(question.method());
        if (question.target() != null) {
            result = result.withTarget(RequestTarget.parse(question.target()));
        }
        if (told.headers() != null) {
            result = result.withHeaders(told.headers());
        }
        Body body = body(told);
        return body == request.body() ? result : result.withBody(body);
    }

    private Consumer<ScriptContext> read(Question.Read question) {
        int number = question.number();
        Contents read = contents.get(question.message());
        if (read.isGone()) {
            return context -> context.refuse(number, -1, "TypeError", GONE, null);
        }
        try {
            byte[] bytes = read.read(script.limits().body().bytes());
            return question.asText()
                    ? context -> context.answer(number, Contents.text(bytes))
                    : context -> context.answer(number, ByteBuffer.wrap(bytes.clone()));
        } catch (BodyTooLargeException e) {
            String message = "body: more than " + script.limits().body() + " (limits.body)";
            // The client is told that its request is too large; a response that is too large is not its business.
            Exception cause =
                    question.message() == 0 ? e : new ScriptException(script.name(), "response " + message, List.of());
            return refusal(number, cause, "BodyTooLargeError", message, null);
        } catch (ZipException e) {
            String message = String.valueOf(e.getMessage());
            return context -> context.refuse(number, -1, "TypeError", message, null);
        } catch (ClientGoneException e) {
            return refusal(number, e, "AbortError", "the client went away", null);
        } catch (IOException e) {
            return refusal(number, e, "BodyError", "the body broke off", null);
        }
    }

    private Consumer<ScriptContext> refusal(
            int number, Exception cause, String name, String message, @Nullable String kind) {
        failures.add(cause);
        int known = failures.size() - 1;
        return context -> context.refuse(number, known, name, message, kind);
    }

    private Body body(Told told) {
        return switch (told.content()) {
            case UNCHANGED ->
                told.source() < 0 ? Body.empty() : contents.get(told.source()).body();
            case STREAM -> contents.get(told.stream()).body();
            case EMPTY, TEXT, BYTES -> told.body();
        };
    }

    private void closeUnused(@Nullable Response result) {
        for (Contents one : contents.subList(1, contents.size())) {
            if (result == null || result.body() != one.body()) {
                one.body().close();
            }
        }
    }

    private long left(long startNanos) {
        return script.limits().wall().toNanos() - (System.nanoTime() - startNanos - nextNanos);
    }
}
