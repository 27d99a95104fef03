package dev.sallyport.plugins.console;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.LogMask;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.ExchangeObserver.Verdict;
import dev.sallyport.api.telemetry.StepInfo;
import dev.sallyport.api.telemetry.TraceContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of one exchange: facts, no header fields, no query and no body, since these may hold secrets. Immutable.
 *
 * @param trace the id of the distributed trace that it is in; null where none is known
 * @param path as a log may have it
 * @param step which one has decided: {@code rate-limit of orders}; null where none did
 * @param did what that did: {@code answered} or {@code failed}
 * @param problem the kind of problem that was told; null for none
 * @param tries the attempts at targets
 * @param notes what steps have noted; of requests that went well none
 */
record RecentRequest(
        String id,
        @Nullable String trace,
        long at,
        String method,
        String path,
        String listener,
        @Nullable String route,
        @Nullable String consumer,
        String client,
        String protocol,
        int status,
        double millis,
        long requestBytes,
        long responseBytes,
        String outcome,
        @Nullable String failure,
        @Nullable String step,
        @Nullable String stepType,
        @Nullable String did,
        @Nullable String problem,
        @Nullable String detail,
        List<Try> tries,
        List<String> notes) {

    private static final int LONGEST = 512;
    private static final double NANOS_PER_MILLI = 1e6;

    /**
     * An attempt at a target.
     *
     * @param status 0 where there was no response
     * @param failure the kind of failure; null for none
     */
    record Try(
            String upstream,
            String target,
            int status,
            long nanos,
            @Nullable String failure) {}

    static RecentRequest of(
            Request request,
            Completion completion,
            @Nullable StepInfo decided,
            @Nullable Verdict how,
            @Nullable Problem problem,
            List<Try> tries,
            List<String> notes) {
        Exchange exchange = request.exchange();
        LogMask mask = exchange.get(LogMask.OF_EXCHANGE);
        String path = mask == null ? request.path() : mask.path(request.path());
        Consumer consumer = exchange.consumer();
        TraceContext trace = exchange.get(TraceContext.OF_EXCHANGE);
        boolean well = completion.status() < 400 && completion.outcome() == Completion.Outcome.COMPLETED;
        return new RecentRequest(
                exchange.id(),
                trace == null ? null : trace.traceId(),
                exchange.startedAt().toEpochMilli(),
                brief(request.method(), 32),
                brief(path, LONGEST),
                exchange.listener(),
                exchange.route(),
                consumer == null ? null : consumer.name(),
                exchange.client().getHostAddress(),
                exchange.protocol(),
                completion.status(),
                completion.duration().toNanos() / NANOS_PER_MILLI,
                completion.requestBytes(),
                completion.responseBytes(),
                completion.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                completion.failure(),
                decided == null ? null : decided.id() + " of " + decided.place(),
                decided == null ? null : decided.type(),
                how == null ? null : how.name().toLowerCase(Locale.ROOT),
                problem == null ? null : problem.code(),
                problem == null || problem.detail() == null ? null : brief(problem.detail(), LONGEST),
                List.copyOf(tries),
                well ? List.of() : List.copyOf(notes));
    }

    static String brief(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }

    boolean isFailure() {
        return status >= 400 || !outcome.equals("completed");
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("trace", trace);
        json.put("at", at);
        json.put("method", method);
        json.put("path", path);
        json.put("listener", listener);
        json.put("route", route);
        json.put("consumer", consumer);
        json.put("client", client);
        json.put("protocol", protocol);
        json.put("status", status);
        json.put("millis", Math.round(millis * 1000) / 1000.0);
        json.put("requestBytes", requestBytes);
        json.put("responseBytes", responseBytes);
        json.put("outcome", outcome);
        json.put("failure", failure);
        json.put("step", step);
        json.put("stepType", stepType);
        json.put("did", did);
        json.put("problem", problem);
        json.put("detail", detail);
        json.put("tries", tries.stream().map(RecentRequest::json).toList());
        json.put("notes", notes);
        return json;
    }

    private static Map<String, Object> json(Try one) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("upstream", one.upstream);
        json.put("target", one.target);
        json.put("status", one.status);
        json.put("millis", Math.round(one.nanos / 1e3) / 1000.0);
        json.put("failure", one.failure);
        return json;
    }
}
