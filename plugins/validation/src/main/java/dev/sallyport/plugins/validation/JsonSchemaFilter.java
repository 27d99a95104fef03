package dev.sallyport.plugins.validation;

import dev.sallyport.api.Body;
import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import io.opentelemetry.api.metrics.LongCounter;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks one body. What was read is passed on byte for byte. */
final class JsonSchemaFilter implements Filter {

    private static final Set<String> METHODS_WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private final JsonSchemaConfig config;
    private final List<MediaType> types;
    private final Watched<BodyCheck> check;
    private final FilterContext context;
    private final LongCounter invalid;

    JsonSchemaFilter(JsonSchemaConfig config, Watched<BodyCheck> check, FilterContext context) {
        this.config = config;
        this.check = check;
        this.context = context;
        types = config.ranges();
        invalid = context.meter()
                .counterBuilder("sallyport.json_schema.invalid")
                .setDescription("Bodies that did not match.")
                .build();
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        return config.of() == JsonSchemaConfig.Part.REQUEST ? request(request, next) : response(request, next);
    }

    private Response request(Request request, Next next) throws Exception {
        Body body = request.body();
        if (body.isEmpty()) {
            return withoutBody(request, next);
        }
        String unknown = unknown(request.headers());
        if (unknown != null) {
            return config.otherTypes() == JsonSchemaConfig.OtherTypes.PASS
                    ? next.proceed(request)
                    : Answers.unsupported(request, unknown, expected())
                            .withHeader("accept", String.join(", ", config.contentTypes()));
        }
        String encoded = encoded(request.headers());
        if (encoded != null) {
            return Answers.unsupported(request, encoded, "a body without Content-Encoding")
                    .withHeader("accept-encoding", "identity");
        }
        Body whole = body.buffered(config.maxBody().bytes());
        if (whole.isEmpty()) {
            return withoutBody(request.withBody(whole), next);
        }
        List<Violation> violations = check(whole, Schemas.Direction.NEITHER);
        if (violations.isEmpty()) {
            return next.proceed(request.withBody(whole));
        }
        invalid.add(1);
        return Answers.invalid(request, violations);
    }

    private Response withoutBody(Request request, Next next) throws Exception {
        if (config.optional() || !METHODS_WITH_BODY.contains(request.method())) {
            return next.proceed(request);
        }
        invalid.add(1);
        return Answers.invalid(request, List.of(Violation.of("", "required", "a body is missing")));
    }

    private Response response(Request request, Next next) throws Exception {
        // A body that came compressed could not be read.
        Response response = next.proceed(request.withHeader("accept-encoding", "identity"));
        if (!hasWholeBody(request, response)) {
            return response;
        }
        Headers headers = response.headers();
        String unknown = unknown(headers);
        if (unknown != null && config.otherTypes() == JsonSchemaConfig.OtherTypes.PASS) {
            return response;
        }
        String unreadable = unknown == null ? encoded(headers) : unknown;
        if (unreadable != null) {
            return withhold(request, response, Violation.of("", "contentType", unreadable));
        }
        Body whole;
        try {
            whole = response.body().buffered(config.maxBody().bytes());
        } catch (BodyTooLargeException e) {
            return withhold(request, response, Violation.of("", "maxBody", "is larger than " + e.limit() + " bytes"));
        }
        List<Violation> violations = check(whole, Schemas.Direction.NEITHER);
        return violations.isEmpty() ? response.withBody(whole) : withhold(request, response, violations);
    }

    /** Only successes are held to the schema; not a part of a body, and not where there is none. */
    private static boolean hasWholeBody(Request request, Response response) {
        int status = response.status();
        return response.tunnel() == null
                && status >= 200
                && status < 300
                && status != 204
                && status != 205
                && status != 206
                && !request.method().equals("HEAD");
    }

    private Response withhold(Request request, Response response, Violation violation) {
        return withhold(request, response, List.of(violation));
    }

    private Response withhold(Request request, Response response, List<Violation> violations) {
        response.body().close();
        invalid.add(1);
        return Answers.withheld(request, violations);
    }

    private List<Violation> check(Body whole, Schemas.Direction direction) throws Exception {
        byte[] bytes = bytes(whole);
        BodyCheck now = check.get();
        return bytes.length <= BodyCheck.SMALL
                ? now.check(bytes, direction)
                : context.cpu(() -> now.check(bytes, direction));
    }

    private static byte[] bytes(Body whole) throws IOException {
        try (InputStream in = whole.open()) {
            return in.readAllBytes();
        }
    }

    /** Why a body is not one of those that are checked; null where it is. */
    private @Nullable String unknown(Headers headers) {
        List<String> fields = headers.all("content-type");
        MediaType type = fields.size() == 1 ? MediaType.parse(fields.getFirst()) : null;
        if (type == null) {
            return fields.isEmpty() ? "Content-Type is missing" : "Content-Type is not one media type";
        }
        if (types.stream().noneMatch(range -> range.takes(type))) {
            return "Content-Type is another one";
        }
        return type.isUtf8() ? null : "the charset is not UTF-8";
    }

    private String expected() {
        return String.join(" or ", config.contentTypes()) + " in UTF-8";
    }

    private static @Nullable String encoded(Headers headers) {
        String encoding = headers.get("content-encoding");
        return encoding == null || encoding.isBlank() || encoding.strip().equalsIgnoreCase("identity")
                ? null
                : "the body has a Content-Encoding";
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }

    @Override
    public Map<String, ?> state() {
        return check.failure().isEmpty() ? Map.of() : Map.of("files", check.failure());
    }
}
