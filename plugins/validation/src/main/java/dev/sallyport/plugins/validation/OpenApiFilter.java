package dev.sallyport.plugins.validation;

import dev.sallyport.api.Body;
import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks requests, and responses where that is asked for. What was read is passed on byte for byte. */
final class OpenApiFilter implements Filter {

    private static final Problem NO_OPERATION = new Problem(404, "no-operation", "No operation has this path");
    private static final Problem METHOD = new Problem(405, "method-not-allowed", "Method not allowed");
    private static final AttributeKey<String> WHAT = AttributeKey.stringKey("what");

    private final OpenApiConfig config;
    private final Watched<Api> api;
    private final FilterContext context;
    private final JsonReader reader;
    private final LongCounter invalid;

    OpenApiFilter(OpenApiConfig config, Watched<Api> api, FilterContext context) {
        this.config = config;
        this.api = api;
        this.context = context;
        reader = new JsonReader(config.maxDepth());
        invalid = context.meter()
                .counterBuilder("sallyport.openapi.invalid")
                .setDescription("Requests and responses that are not as the document says.")
                .build();
    }

    /** What was found of a request before anything is done with it. */
    private record Checked(
            Request request,
            List<Violation> violations,
            @Nullable Response answer) {}

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Api now = api.get();
        PathTree.Found found = now.paths().find(request.path());
        if (found == null) {
            return config.unknownPaths() == OpenApiConfig.Unknown.PASS
                    ? next.proceed(request)
                    : NO_OPERATION.toResponse(request);
        }
        Operation operation = operation(found, request.method());
        if (operation == null) {
            return config.unknownMethods() == OpenApiConfig.Unknown.PASS
                    ? next.proceed(request)
                    : METHOD.toResponse(request).withHeader("allow", found.methods());
        }
        Request checked = request;
        if (config.requests() != OpenApiConfig.Mode.OFF) {
            Checked result = check(request, operation, found.parameters(operation), now);
            checked = result.request();
            Response refusal = refusal(request, result);
            if (refusal != null) {
                return refusal;
            }
        }
        if (config.mocks()) {
            return Mock.answer(checked, operation, now);
        }
        return config.responses() == OpenApiConfig.Mode.OFF
                ? next.proceed(checked)
                : response(checked, operation, now, next);
    }

    private static @Nullable Operation operation(PathTree.Found found, String method) {
        Operation operation = found.operation(method);
        return operation == null && method.equals("HEAD") ? found.operation("GET") : operation;
    }

    private @Nullable Response refusal(Request request, Checked result) {
        boolean enforced = config.requests() == OpenApiConfig.Mode.ENFORCE;
        if (result.answer() != null && enforced) {
            count("request");
            return result.answer();
        }
        if (result.violations().isEmpty()) {
            return null;
        }
        count("request");
        if (enforced) {
            return Answers.invalid(request, first(result.violations()));
        }
        request.exchange().note("violations", Answers.told(first(result.violations())));
        return null;
    }

    private List<Violation> first(List<Violation> violations) {
        return violations.subList(0, Math.min(violations.size(), config.maxErrors()));
    }

    private void count(String what) {
        invalid.add(1, Attributes.of(WHAT, what));
    }

    private Checked check(Request request, Operation operation, Map<String, String> path, Api now) throws Exception {
        List<Violation> violations = new ArrayList<>(RequestCheck.parameters(request, operation, path, now, config));
        List<Content> bodies = operation.bodies();
        Body body = request.body();
        if (bodies == null) {
            if (!body.isEmpty() && config.unknownParameters() == OpenApiConfig.Unknown.REFUSE) {
                violations.add(new Violation("body", null, "", "unknown", "is not in the document"));
            }
            return new Checked(request, violations, null);
        }
        if (body.isEmpty()) {
            return withoutBody(request, operation, violations);
        }
        MediaType type = type(request.headers());
        Content content = type == null ? null : Content.closest(bodies, type);
        if (type == null || content == null || !type.isUtf8()) {
            if (bodies.isEmpty()) {
                return new Checked(request, violations, null);
            }
            List<String> known =
                    bodies.stream().map(each -> each.range().type()).toList();
            Response refused = Answers.unsupported(
                            request,
                            type == null ? "Content-Type is missing, or is none" : "Content-Type is another one",
                            String.join(" or ", known) + ", in UTF-8")
                    .withHeader("accept", String.join(", ", known));
            return new Checked(request, violations, refused);
        }
        if (!content.isRead(type)) {
            return new Checked(request, violations, null);
        }
        if (isEncoded(request.headers())) {
            Response refused = Answers.unsupported(
                            request, "the body has a Content-Encoding", "a body without Content-Encoding")
                    .withHeader("accept-encoding", "identity");
            return new Checked(request, violations, refused);
        }
        Peeked peeked = Peeked.of(body, config.maxBody().bytes());
        Request read = request.withBody(peeked.body());
        if (!peeked.isWhole()) {
            if (config.requests() == OpenApiConfig.Mode.ENFORCE) {
                peeked.body().close();
                throw new BodyTooLargeException(config.maxBody().bytes());
            }
            violations.add(tooLarge());
            return new Checked(read, violations, null);
        }
        if (peeked.body().isEmpty()) {
            return withoutBody(read, operation, violations);
        }
        violations.addAll(check(content, type, peeked.bytes(), now, Schemas.Direction.REQUEST));
        return new Checked(read, violations, null);
    }

    private Violation tooLarge() {
        return new Violation(
                "body",
                null,
                "",
                "maxBody",
                "is larger than " + config.maxBody().bytes() + " bytes");
    }

    private static Checked withoutBody(Request request, Operation operation, List<Violation> violations) {
        if (operation.bodyRequired()) {
            violations.add(new Violation("body", null, "", "required", "is missing"));
        }
        return new Checked(request, violations, null);
    }

    private List<Violation> check(Content content, MediaType type, byte[] bytes, Api now, Schemas.Direction direction)
            throws Exception {
        return bytes.length <= BodyCheck.SMALL
                ? content.check(type, bytes, reader, now.schemas(), direction, config.maxErrors())
                : context.cpu(() -> content.check(type, bytes, reader, now.schemas(), direction, config.maxErrors()));
    }

    private static @Nullable MediaType type(Headers headers) {
        List<String> fields = headers.all("content-type");
        return fields.size() == 1 ? MediaType.parse(fields.getFirst()) : null;
    }

    private static boolean isEncoded(Headers headers) {
        String encoding = headers.get("content-encoding");
        return encoding != null && !encoding.isBlank() && !encoding.strip().equalsIgnoreCase("identity");
    }

    private Response response(Request request, Operation operation, Api now, Next next) throws Exception {
        // A body that came compressed could not be read.
        Response response = next.proceed(request.withHeader("accept-encoding", "identity"));
        if (response.tunnel() != null) {
            return response;
        }
        List<Violation> violations = new ArrayList<>();
        Response read = response;
        Operation.Answer answer = operation.answer(response.status());
        if (answer == null) {
            violations.add(new Violation("status", null, "", "unknown", response.status() + " is not in the document"));
        } else {
            violations.addAll(RequestCheck.headers(response, answer, now, config.maxErrors()));
            if (hasWholeBody(request, response) && !answer.contents().isEmpty()) {
                read = body(response, answer, now, violations);
            }
        }
        if (violations.isEmpty()) {
            return read;
        }
        count("response");
        if (config.responses() == OpenApiConfig.Mode.ENFORCE) {
            read.body().close();
            return Answers.withheld(request, first(violations));
        }
        request.exchange().note("violations", Answers.told(first(violations)));
        return read;
    }

    private Response body(Response response, Operation.Answer answer, Api now, List<Violation> violations)
            throws Exception {
        MediaType type = type(response.headers());
        Content content = type == null ? null : Content.closest(answer.contents(), type);
        if (type == null || content == null) {
            violations.add(new Violation("body", null, "", "contentType", "is of another media type"));
            return response;
        }
        if (!content.isRead(type)) {
            return response;
        }
        if (isEncoded(response.headers())) {
            violations.add(new Violation("body", null, "", "contentType", "has a Content-Encoding"));
            return response;
        }
        Peeked peeked = Peeked.of(response.body(), config.maxBody().bytes());
        violations.addAll(
                peeked.isWhole()
                        ? check(content, type, peeked.bytes(), now, Schemas.Direction.RESPONSE)
                        : List.of(tooLarge()));
        return response.withBody(peeked.body());
    }

    private static boolean hasWholeBody(Request request, Response response) {
        int status = response.status();
        return status != 204
                && status != 205
                && status != 206
                && status != 304
                && !request.method().equals("HEAD");
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }

    @Override
    public Map<String, ?> state() {
        return api.failure().isEmpty()
                ? Map.of("operations", api.get().operations())
                : Map.of("operations", api.get().operations(), "document", api.failure());
    }
}
