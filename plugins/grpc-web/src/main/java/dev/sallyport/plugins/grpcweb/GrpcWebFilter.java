package dev.sallyport.plugins.grpcweb;

import dev.sallyport.api.Body;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * Makes gRPC of gRPC-Web, and gRPC-Web of what comes back
 * (<a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md">its description</a>).
 */
final class GrpcWebFilter implements Filter {

    private static final String WEB = "application/grpc-web";
    private static final String TEXT = "application/grpc-web-text";

    private final long maxMessage;
    private final FilterContext context;

    GrpcWebFilter(long maxMessage, FilterContext context) {
        this.maxMessage = maxMessage;
        this.context = context;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        String type = request.headers().get("content-type", "").strip().toLowerCase(Locale.ROOT);
        if (!type.startsWith(WEB) || request.upgrade() != null) {
            return next.proceed(request);
        }
        String answered = answered(request, type);
        if (!request.method().equals("POST")) {
            return ended(12, "POST expected", Headers.empty(), answered);
        }
        request.exchange().note("text", type.startsWith(TEXT));
        Duration timeout = Timeout.of(request.headers());
        long started = System.nanoTime();
        try {
            if (timeout != null) {
                request.exchange().attemptTimeout(timeout.isPositive() ? timeout : Duration.ofMillis(1));
            }
            return web(next.proceed(onward(request, type)), answered);
        } catch (BadMessageException e) {
            return ended(e.status(), String.valueOf(e.getMessage()), Headers.empty(), answered);
        } catch (UpstreamException e) {
            // A server that gives a call up says nothing: its clients know by themselves how late it is.
            if (timeout == null || Duration.ofNanos(System.nanoTime() - started).compareTo(timeout) < 0) {
                throw e;
            }
            return ended(4, "no answer within the time of grpc-timeout", Headers.empty(), answered);
        }
    }

    /** The form that the client wants: its Accept's, else the one that it has sent. */
    private static String answered(Request request, String type) {
        String accept = request.headers().get("accept", "").strip().toLowerCase(Locale.ROOT);
        String form = accept.startsWith(WEB) && accept.indexOf(',') < 0 ? accept : type;
        int parameters = form.indexOf(';');
        return parameters < 0 ? form : form.substring(0, parameters).strip();
    }

    private Request onward(Request request, String type) {
        boolean text = type.startsWith(TEXT);
        String subtype = type.substring((text ? TEXT : WEB).length());
        Headers headers = request.headers()
                .without("content-length")
                .without("accept")
                .without("accept-encoding")
                .without("x-grpc-web")
                .with("content-type", "application/grpc" + subtype);
        Instant deadline = request.exchange().deadline();
        if (deadline != null) {
            Duration left = Duration.between(context.clock().instant(), deadline);
            headers = Timeout.shorter(headers, left);
        }
        Body body = request.body();
        return request.withHeaders(headers)
                .withBody(
                        body.isEmpty()
                                ? body
                                : new MadeBody(body.map(
                                        in -> new CheckedFrames(text ? new Base64Input(in) : in, maxMessage))));
    }

    private static Response web(Response response, String answered) {
        Headers headers = response.headers();
        Problem problem = response.problem();
        String type = headers.get("content-type", "").toLowerCase(Locale.ROOT);
        if (problem != null || response.status() != 200 || !type.startsWith("application/grpc")) {
            response.body().close();
            String detail = problem == null ? null : problem.detail();
            String message = problem == null
                    ? "HTTP status " + response.status() + (response.status() == 200 ? ", and no answer of gRPC" : "")
                    : detail == null ? problem.title() : problem.title() + ": " + detail;
            return ended(HttpStatus.grpc(response.status()), message, withoutBody(headers), answered);
        }
        Headers head = withoutBody(headers);
        Headers told = Headers.empty();
        if (headers.has("grpc-status")) { // a head alone, whose fields a browser may not be shown
            Headers.Builder moved = Headers.builder(4);
            for (int i = 0; i < headers.size(); i++) {
                if (headers.name(i).toLowerCase(Locale.ROOT).startsWith("grpc-") && !isOfTheHead(headers.name(i))) {
                    moved.add(headers, i);
                }
            }
            told = moved.build();
            head = head.without("grpc-status").without("grpc-message").without("grpc-status-details-bin");
        }
        return Response.of(
                200,
                head.with("Content-Type", answered),
                new WebBody(response.body(), told, answered.startsWith(TEXT)));
    }

    private static boolean isOfTheHead(String name) {
        return name.equalsIgnoreCase("grpc-encoding") || name.equalsIgnoreCase("grpc-accept-encoding");
    }

    private static Headers withoutBody(Headers headers) {
        return headers.without("content-length").without("content-encoding").without("trailer");
    }

    /** A call that ends here. */
    private static Response ended(int status, String message, Headers headers, String answered) {
        Headers told = Headers.of("grpc-status", Integer.toString(status), "grpc-message", encoded(message));
        return Response.of(
                200,
                headers.with("Content-Type", answered),
                new WebBody(Body.empty(), told, answered.startsWith(TEXT)));
    }

    /** A message as {@code grpc-message} holds it. */
    static String encoded(String message) {
        return URLEncoder.encode(message, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** What is made while it is read is not made twice, and its length is not known. */
    private record MadeBody(Body body) implements Body {

        @Override
        public long length() {
            return -1;
        }

        @Override
        public InputStream open() {
            return body.open();
        }

        @Override
        public void close() {
            body.close();
        }
    }

    @Override
    public Explanation explain(Request request) throws IOException {
        String type = request.headers().get("content-type", "").strip().toLowerCase(Locale.ROOT);
        if (!type.startsWith(WEB) || request.upgrade() != null) {
            return new Explanation.Passes(request, "leaves it alone, since it is no gRPC-Web");
        }
        if (!request.method().equals("POST")) {
            return new Explanation.Answers(200, "refuses it by grpc-status 12, since it is no POST");
        }
        return new Explanation.Passes(onward(request, type), "passes it on as gRPC");
    }
}
