package dev.sallyport.kernel.chain;

import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.TargetUnavailableException;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.kernel.upstream.UnsendableRequestException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The error answers of the kernel itself: the one place that says which failure is which status. */
public final class Problems {

    private static final Logger LOG = System.getLogger("exchange");
    private static final SecureRandom RANDOM = new SecureRandom();

    private Problems() {}

    /** No route takes the request. */
    static Response noRoute(Request request) {
        return new Problem(404, "no-route", "No route").toResponse(request);
    }

    /** Routes take the path, but not with this method. */
    static Response methodNotAllowed(Request request, Collection<String> allowed) {
        return new Problem(405, "method-not-allowed", "Method not allowed")
                .toResponse(request)
                .withHeader("allow", allowed.stream().sorted().collect(Collectors.joining(", ")));
    }

    /** The last step of a route without an upstream passed the request on. */
    static Response noAnswer(Request request) {
        return new Problem(404, "no-answer", "Nothing answers here").toResponse(request);
    }

    /** No plugin offers a type that the route needs. */
    static Response pluginMissing(Request request, String type) {
        return new Problem(503, "plugin-missing", "Part of this route is not available")
                .withDetail("the plugin for '" + type + "' is missing")
                .toResponse(request);
    }

    /** More exchanges are in flight than the gateway takes. */
    public static Response overloaded(Request request) {
        return new Problem(503, "overloaded", "Too many requests in flight")
                .toResponse(request)
                .withHeader("retry-after", "1");
    }

    /** The client expects what the gateway does not know. */
    public static Response expectationFailed(Request request) {
        return new Problem(417, "expectation-failed", "Expectation failed")
                .withDetail("the only expectation that can be met is 100-continue")
                .toResponse(request);
    }

    /** The head of the request is too large (414, 431), names another host (421), or cannot be understood. */
    public static Response refused(Request request, int status, String reason) {
        return switch (status) {
            case 414 ->
                new Problem(414, "target-too-long", "Request target too long")
                        .withDetail(reason)
                        .toResponse(request);
            case 421 ->
                new Problem(421, "misdirected-request", "Misdirected request")
                        .withDetail(reason)
                        .toResponse(request);
            case 431 ->
                new Problem(431, "headers-too-large", "Header fields too large")
                        .withDetail(reason)
                        .toResponse(request);
            default -> badRequest(request, status, reason);
        };
    }

    /** The request cannot be understood. */
    public static Response badRequest(Request request, int status, String reason) {
        return new Problem(status, "bad-request", "Bad request")
                .withDetail(reason)
                .toResponse(request);
    }

    /** Whether a failure is that of the step which it came out of: none by which steps tell, or are told, of something else. */
    static boolean isOfStep(Throwable failure) {
        return switch (failure) {
            case ClientGoneException _,
                    EndedEarlyException _,
                    UpstreamException _,
                    TargetUnavailableException _,
                    RequestTimeoutException _,
                    MalformedBodyException _,
                    UnsendableRequestException _,
                    BodyTooLargeException _,
                    OutOfMemoryError _ -> false;
            default -> true;
        };
    }

    /**
     * The answer to an exception that no step handled.
     *
     * @throws ClientGoneException where nobody is there to be answered
     */
    public static Response failed(Request request, Throwable failure) throws ClientGoneException {
        Response answer = answer(request, failure);
        Headers fields = request.exchange().get(Problem.FAILURE_FIELDS);
        if (fields == null) {
            return answer;
        }
        Headers own = answer.headers();
        Headers all = own;
        for (Map.Entry<String, String> field : fields) {
            all = own.has(field.getKey()) ? all : all.withAdded(field.getKey(), field.getValue());
        }
        return answer.withHeaders(all);
    }

    private static Response answer(Request request, Throwable failure) throws ClientGoneException {
        LiveExchange exchange = (LiveExchange) request.exchange();
        Throwable cause = Objects.requireNonNullElse(exchange.cancellation().cause(), failure);
        return switch (cause) {
            case ClientGoneException gone -> throw gone;
            case EndedEarlyException early ->
                new Problem(503, "ended-early", "Ended early")
                        .withDetail(String.valueOf(early.getMessage()))
                        .toResponse(request)
                        .withHeader("retry-after", "1");
            case UpstreamException broken -> upstream(request, broken);
            case TargetUnavailableException unavailable -> unavailable(request, unavailable.retryAfter());
            case RequestTimeoutException slow ->
                new Problem(408, "request-timeout", "Request timed out")
                        .withDetail("the rest of the body did not come")
                        .toResponse(request);
            case MalformedBodyException malformed -> badRequest(request, 400, "the request's body is malformed");
            case UnsendableRequestException unsendable -> badRequest(request, 400, "the request cannot be passed on");
            case BodyTooLargeException tooLarge ->
                new Problem(413, "body-too-large", "Body too large")
                        .withDetail("the limit is " + tooLarge.limit() + " bytes")
                        .toResponse(request);
            default -> internal(request, exchange, failure);
        };
    }

    private static Response upstream(Request request, UpstreamException failure) {
        LiveExchange exchange = (LiveExchange) request.exchange();
        LOG.log(Level.DEBUG, () -> exchange.id() + ": " + exchange.hide(String.valueOf(failure.getMessage())));
        if (failure.getCause() instanceof TargetUnavailableException unavailable) {
            return unavailable(request, unavailable.retryAfter());
        }
        Problem problem = switch (failure.kind()) {
            case NO_TARGET -> new Problem(503, "upstream-unavailable", "Upstream unavailable");
            case CONNECT, RESET, PROTOCOL -> new Problem(502, "upstream-failed", "Upstream failed");
            case CONNECT_TIMEOUT, RESPONSE_TIMEOUT -> new Problem(504, "upstream-timeout", "Upstream timed out");
        };
        return problem.toResponse(request);
    }

    private static Response unavailable(Request request, Duration retryAfter) {
        Response response = new Problem(503, "upstream-unavailable", "Upstream unavailable").toResponse(request);
        long seconds = retryAfter.plusMillis(999).toSeconds();
        return seconds > 0 ? response.withHeader("retry-after", Long.toString(seconds)) : response;
    }

    private static Response internal(Request request, LiveExchange exchange, Throwable failure) {
        byte[] random = new byte[6];
        RANDOM.nextBytes(random);
        String errorId = HexFormat.of().formatHex(random);
        StepNode step = exchange.failedStep(failure);
        LOG.log(
                Level.ERROR,
                () -> "error " + errorId + ", request " + exchange.id() + ", "
                        + (step == null ? "outside of steps" : step.name()) + ": " + describe(exchange, failure));
        return new Problem(500, "internal-error", "Internal error")
                .with("errorId", errorId)
                .toResponse(request);
    }

    /** Text only: a plugin's exception that a log handler keeps would keep its class loader. */
    private static String describe(LiveExchange exchange, Throwable failure) {
        return Stream.concat(
                        Stream.of(exchange.hide(failure.toString())),
                        Stream.of(failure.getStackTrace()).limit(12).map(frame -> "    at " + frame))
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
