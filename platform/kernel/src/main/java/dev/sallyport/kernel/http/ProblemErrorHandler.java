package dev.sallyport.kernel.http;

import dev.sallyport.api.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers what Jetty's parser refuses, before there is an exchange: as a problem, with nothing of the request in it. */
final class ProblemErrorHandler extends ErrorHandler {

    private final @Nullable LimitHits hits;

    /** @param hits told of heads that are too large; null where nobody counts them */
    ProblemErrorHandler(@Nullable LimitHits hits) {
        this.hits = hits;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        LimitHits.Limit limit = code == 414 ? LimitHits.Limit.URI : code == 431 ? LimitHits.Limit.HEADERS : null;
        if (hits != null && limit != null) {
            ConnectionMetaData connection = request.getConnectionMetaData();
            hits.hit(connection.getConnector().getName(), limit, String.valueOf(connection.getRemoteSocketAddress()));
        }
        // Jetty asks to upgrade where a request line names HTTP/2; the RFC has another answer (RFC 9110 §15.6.6).
        int status = code == 426 ? 505 : code >= 400 && code <= 599 ? code : 500;
        response.setStatus(status);
        if (status == 400 && StreamEnds.malformed(request)) {
            callback.failed(Quiet.of(new IOException("the request is malformed: " + message)));
            return;
        }
        Problem problem = switch (status) {
            case 413 -> new Problem(413, "body-too-large", "Body too large");
            case 414 -> new Problem(414, "target-too-long", "Request target too long");
            case 417 -> new Problem(417, "expectation-failed", "Expectation failed");
            case 431 -> new Problem(431, "headers-too-large", "Header fields too large");
            case 501, 505 -> new Problem(status, "not-supported", "Not supported");
            default ->
                status < 500
                        ? new Problem(status, "bad-request", "Bad request")
                        : new Problem(status, "internal-error", "Internal error");
        };
        if (status < 500 && message != null) {
            problem = problem.withDetail(message);
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
        response.write(true, ByteBuffer.wrap(problem.toJson().getBytes(StandardCharsets.UTF_8)), callback);
    }
}
