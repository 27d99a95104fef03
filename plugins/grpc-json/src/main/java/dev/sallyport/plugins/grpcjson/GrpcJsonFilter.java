package dev.sallyport.plugins.grpcjson;

import dev.sallyport.api.Body;
import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.json.BadContentException;
import dev.sallyport.json.JsonRewriter;
import dev.sallyport.json.MediaTypes;
import dev.sallyport.json.Place;
import dev.sallyport.json.Rewriting;
import dev.sallyport.plugins.grpcjson.ApiSource.UnavailableException;
import dev.sallyport.plugins.grpcjson.GrpcJsonConfig.Unmatched;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes calls of requests, and answers of what comes back. */
final class GrpcJsonFilter implements Filter {

    private static final MediaTypes ONE = new MediaTypes(List.of("application/json", "+json", "text/json"));
    private static final MediaTypes LINES = new MediaTypes(List.of(
            "application/x-ndjson",
            "application/ndjson",
            "application/jsonl",
            "application/x-jsonlines",
            "application/stream+json"));

    /** Nothing is changed: all of it is only looked at. */
    private static final Place AS_IT_IS = new Place() {};

    private final GrpcJsonConfig config;
    private final ApiSource source;
    private final FilterContext context;
    private final Heavy heavy;

    GrpcJsonFilter(GrpcJsonConfig config, ApiSource source, FilterContext context) {
        this.config = config;
        this.source = source;
        this.context = context;
        this.heavy = new Heavy(context);
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        String path = config.within(request.path());
        if (isOfOthers(request)) {
            return next.proceed(request);
        }
        if (path == null) {
            return config.unmatched() == Unmatched.PASS
                    ? next.proceed(request)
                    : unknown().toResponse(request);
        }
        Api api;
        try {
            api = source.get(request, next);
        } catch (UnavailableException e) {
            return new Problem(503, "grpc-description-unavailable", "The services are not known yet")
                    .toResponse(request)
                    .withHeader("Retry-After", "1");
        }
        Paths.Found found = api.find(path, request.method());
        Binding binding = found == null ? null : found.of(request.method());
        if (found == null || binding == null) {
            return config.unmatched() == Unmatched.PASS ? next.proceed(request) : refused(request, found);
        }
        request.exchange().note("method", binding.method().getFullName());
        Answering answering = new Answering(binding, api.json(), config, heavy);
        Duration timeout = Metadata.timeout(request.headers());
        long started = System.nanoTime();
        try {
            Call call = new Call(binding, found, request, api.json(), config, heavy);
            if (timeout != null) {
                request.exchange().attemptTimeout(timeout.isPositive() ? timeout : Duration.ofMillis(1));
            }
            return answering.of(request, next.proceed(onward(request, call)));
        } catch (BadContentException e) {
            return e.problem().toResponse(request);
        } catch (BadFramesException e) {
            return Answering.invalid(String.valueOf(e.getMessage())).toResponse(request);
        } catch (UpstreamException e) {
            // A server that gives a call up says nothing: its clients know by themselves how late it is.
            if (timeout == null || Duration.ofNanos(System.nanoTime() - started).compareTo(timeout) < 0) {
                throw e;
            }
            return answering.late(request);
        }
    }

    /** Calls of gRPC itself, and switches of protocols, are not for this step. */
    private static boolean isOfOthers(Request request) {
        return request.upgrade() != null || MediaTypes.of(request.headers()).startsWith("application/grpc");
    }

    private static Problem unknown() {
        return new Problem(404, "grpc-method-unknown", "No such method");
    }

    private static Response refused(Request request, Paths.@Nullable Found found) {
        if (found == null) {
            return unknown().toResponse(request);
        }
        return new Problem(405, "method-not-allowed", "Method not allowed")
                .toResponse(request)
                .withHeader("Allow", String.join(", ", found.methods()));
    }

    private Request onward(Request request, Call call) throws IOException {
        Headers headers = Metadata.ofCall(request.headers(), left(request));
        return request.withMethod("POST")
                .withTarget(new RequestTarget(call.binding().path(), null))
                .withHeaders(headers)
                .withBody(body(request, call));
    }

    private @Nullable Duration left(Request request) {
        Instant deadline = request.exchange().deadline();
        if (deadline == null) {
            return null;
        }
        Duration left = Duration.between(context.clock().instant(), deadline);
        return left.isPositive() ? left : Duration.ofNanos(1_000);
    }

    private Body body(Request request, Call call) throws IOException {
        Body body = request.body();
        if (!call.takesBody() || body.isEmpty()) {
            body.close();
            boolean none = call.binding().method().isClientStreaming() && call.takesBody();
            return none ? Body.empty() : Body.of(call.message(new byte[0]));
        }
        if (call.binding().takesRaw()) {
            return raw(request, call);
        }
        boolean lines = call.binding().method().isClientStreaming() && LINES.match(request.headers());
        if (!lines && request.headers().has("content-type") && !ONE.match(request.headers())) {
            body.close();
            throw new BadContentException(new Problem(415, "media-type-unsupported", "Unsupported media type")
                    .withDetail("expected: application/json"
                            + (call.binding().method().isClientStreaming() ? " or application/x-ndjson" : "")));
        }
        Body json = Rewriting.request(request, () -> new JsonRewriter(AS_IT_IS, Place.Values.NONE, lines))
                .body();
        if (call.binding().method().isClientStreaming()) {
            return RequestMessages.body(json, call, lines, config.limit());
        }
        byte[] whole = bytes(json);
        return Body.of(call.message(whole));
    }

    private Body raw(Request request, Call call) throws IOException {
        String coding =
                String.join(",", request.headers().all("content-encoding")).strip();
        if (!coding.isEmpty() && !coding.equalsIgnoreCase("identity")) {
            request.body().close();
            throw new BadContentException(new Problem(415, "coding-unsupported", "Unsupported content coding")
                    .withDetail("the body must come as it is")); // its message has no field for a coding
        }
        return Body.of(call.message(bytes(request.body())));
    }

    private byte[] bytes(Body body) throws IOException {
        int limit = config.limit();
        try (body;
                InputStream in = body.open()) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new BodyTooLargeException(limit);
            }
            return bytes;
        }
    }

    @Override
    public Map<String, ?> state() {
        return source.state();
    }

    @Override
    public Explanation explain(Request request) {
        String path = config.within(request.path());
        if (isOfOthers(request)) {
            return new Explanation.Passes(request, "leaves calls of gRPC and switches of protocols alone");
        }
        Api api = source.known();
        if (path != null && api == null) {
            return new Explanation.Unknown("the services are asked when the first request comes");
        }
        Paths.Found found = path == null || api == null ? null : api.find(path, request.method());
        Binding binding = found == null ? null : found.of(request.method());
        if (found == null || binding == null || api == null) {
            return config.unmatched() == Unmatched.PASS
                    ? new Explanation.Passes(request, "passes it on, since it reaches no method")
                    : new Explanation.Answers(found == null ? 404 : 405, "refuses it, since it reaches no method");
        }
        try {
            Call call = new Call(binding, found, request, api.json(), config, heavy);
            return new Explanation.Passes(
                    onward(request, call), "calls " + binding.method().getFullName());
        } catch (BadContentException e) {
            return new Explanation.Answers(e.problem().status(), "refuses it, since it does not fit");
        } catch (IOException e) {
            return new Explanation.Unknown("the body cannot be read: " + e.getMessage());
        }
    }
}
