package dev.sallyport.plugins.requestsize;

import dev.sallyport.api.Body;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;

/** Refuses a body by its length, where it has one, and else counts its bytes as they pass. */
final class RequestSizeFilter implements Filter {

    /** The kernel's own, which it answers with for {@code maxBody}, and where the count is over while the body streams. */
    private static final Problem TOO_LARGE = new Problem(413, "body-too-large", "Body too large");

    private static final Problem NO_LENGTH = new Problem(411, "length-required", "Length required");

    private final long max;
    private final boolean lengthRequired;

    RequestSizeFilter(RequestSizeConfig config) {
        max = config.max().bytes();
        lengthRequired = config.lengthRequired();
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Body body = request.body();
        long length = body.length();
        if (length > max) {
            request.exchange().note("length", length);
            return TOO_LARGE.withDetail("the limit is " + max + " bytes").toResponse(request);
        }
        if (length >= 0) {
            return next.proceed(request); // the kernel sees to it that a body is as long as it says
        }
        if (lengthRequired) {
            return NO_LENGTH.withDetail("send Content-Length").toResponse(request);
        }
        return next.proceed(request.withBody(body.map(bytes -> new CountedStream(bytes, max))));
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }
}
