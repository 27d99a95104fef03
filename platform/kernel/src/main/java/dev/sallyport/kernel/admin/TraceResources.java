package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.admin.Resource.Parameter;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.http.SideServer.Answer;
import dev.sallyport.kernel.http.SideServer.Stream;
import dev.sallyport.kernel.trace.Trace;
import dev.sallyport.kernel.trace.TraceFilter;
import dev.sallyport.kernel.trace.Tracing;
import dev.sallyport.kernel.trace.Watch;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** The resources that show what single exchanges met, and have them recorded. */
public final class TraceResources {

    private static final int MOST_LISTED = 100;

    /** So often a line is sent, if only an empty one: that is how a caller who has left is noticed. */
    private static final Duration BEAT = Duration.ofSeconds(5);

    private static final List<Parameter> OF_END = List.of(
            Parameter.of("route", "The route that they met; - for none."),
            Parameter.of("consumer", "Who called."),
            Parameter.of("status", "What was answered: 404, 500-599 or 5xx."));

    private static final List<Parameter> OF_HEAD = List.of(
            Parameter.of("method", "The method of the request."),
            Parameter.of("host", "Its host, as a route's match has it."),
            Parameter.of("path", "Its path, as a route's match has it."),
            Parameter.of("header", "A header field that it has: name=value."),
            Parameter.of("query", "A query parameter that it has: name=value."),
            Parameter.of("share", "How many of those: 5%."));

    private final Tracing tracing;

    public TraceResources(Tracing tracing) {
        this.tracing = tracing;
    }

    /** Adds them to the API. */
    public AdminApi offerOn(AdminApi api) {
        List<Parameter> listing = new ArrayList<>(OF_END);
        listing.add(Parameter.of("once", "The id of the header that asked for it."));
        listing.add(Parameter.of("limit", "The most to list; at most " + MOST_LISTED + "."));
        listing.add(Parameter.of("offset", "How many to leave out first; the header Link names the next."));
        List<Parameter> following = new ArrayList<>(OF_END);
        following.addAll(OF_HEAD);
        following.add(Parameter.of("count", "It ends after so many."));
        return api.offer(Resource.of(
                                "followTraces",
                                "GET",
                                "/v1/traces/live",
                                Role.OPERATE,
                                "Records exchanges and sends each when it has ended, as a line of JSON; empty lines"
                                        + " between them mean nothing.",
                                this::follow)
                        .with(following.toArray(new Parameter[0])))
                .offer(Resource.of(
                        "traceOnce",
                        "POST",
                        "/v1/traces/once",
                        Role.OPERATE,
                        "A header field with which one request is recorded.",
                        call -> once()))
                .offer(Resource.get("listTraces", "/v1/traces", "The last traces, newest first.", this::list)
                        .with(listing.toArray(new Parameter[0])))
                .offer(Resource.get(
                        "showTrace", "/v1/traces/{id}", "The trace of a request, by the request's id.", this::show));
    }

    private Answer list(Call call) throws RefusedCallException {
        Long limit = call.number("limit");
        Long offset = call.number("offset");
        long most = limit == null ? MOST_LISTED : Math.min(limit, MOST_LISTED);
        long from = offset == null ? 0 : offset;
        List<Trace> all = tracing.newestFirst(filter(call, List.of("route", "consumer", "status", "once")));
        Answer answer = Answer.json(
                200, all.stream().skip(from).limit(most).map(Trace::json).collect(Collectors.joining(",", "[", "]")));
        return from + most < all.size()
                ? answer.withHeader("link", "<" + next(call, most, from + most) + ">; rel=\"next\"")
                : answer;
    }

    private static String next(Call call, long limit, long offset) {
        StringBuilder next = new StringBuilder("/v1/traces?limit=" + limit + "&offset=" + offset);
        for (String name : List.of("route", "consumer", "status", "once")) {
            String value = call.parameter(name);
            if (value != null) {
                next.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        }
        return next.toString();
    }

    private Answer show(Call call) throws RefusedCallException {
        Trace trace = tracing.find(call.path("id"));
        if (trace == null) {
            throw RefusedCallException.notFound("no trace of the request " + call.path("id") + " is kept");
        }
        return Answer.json(200, trace.json());
    }

    private Answer once() throws RefusedCallException {
        try {
            Tracing.OneOff made = tracing.oneOff();
            return Answer.json(
                    200,
                    JsonMapper.shared()
                            .createObjectNode()
                            .put("id", made.id())
                            .put("header", Tracing.HEADER)
                            .put("value", made.value())
                            .put("expires", made.expires().toString())
                            .toString());
        } catch (IllegalStateException full) {
            throw RefusedCallException.overloaded(String.valueOf(full.getMessage()));
        }
    }

    private Answer follow(Call call) throws RefusedCallException {
        Long count = call.number("count");
        List<String> keys = new ArrayList<>();
        OF_END.forEach(parameter -> keys.add(parameter.name()));
        OF_HEAD.forEach(parameter -> keys.add(parameter.name()));
        try {
            Watch watch = tracing.watch(filter(call, keys));
            return Answer.streamed(
                    "application/x-ndjson", new Following(watch, count == null ? Long.MAX_VALUE : count));
        } catch (IllegalStateException full) {
            throw RefusedCallException.overloaded(String.valueOf(full.getMessage()));
        }
    }

    /** Sends traces as they come. */
    private record Following(Watch watch, long count) implements Stream {

        @Override
        public void writeTo(OutputStream out) throws IOException, InterruptedException {
            line("", out); // so that the caller knows that it has begun
            long told = 0;
            for (long sent = 0; sent < count; ) {
                Trace trace = watch.next(BEAT);
                long leftOut = watch.leftOut();
                if (leftOut > told) {
                    line("{\"leftOut\":" + (leftOut - told) + "}", out);
                    told = leftOut;
                }
                sent += trace == null ? 0 : 1;
                line(trace == null ? "" : trace.json(), out);
            }
        }

        private static void line(String text, OutputStream out) throws IOException {
            out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        @Override
        public void close() {
            watch.close();
        }
    }

    private static TraceFilter filter(Call call, List<String> keys) throws RefusedCallException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String key : keys) {
            String value = call.parameter(key);
            if (value != null) {
                values.put(key, value);
            }
        }
        try {
            return TraceFilter.of(values);
        } catch (IllegalArgumentException e) {
            throw RefusedCallException.badRequest(String.valueOf(e.getMessage()));
        }
    }
}
