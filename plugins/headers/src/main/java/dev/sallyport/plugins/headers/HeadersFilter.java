package dev.sallyport.plugins.headers;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import org.jspecify.annotations.Nullable;

/** Changes the fields of the request on its way in, and those of the response on its way out. */
final class HeadersFilter implements Filter {

    private final @Nullable Changes request;
    private final @Nullable Changes response;

    HeadersFilter(HeadersConfig config) {
        request = config.request();
        response = config.response();
    }

    @Override
    public Response handle(Request received, Next next) throws Exception {
        Response answer = next.proceed(
                request == null ? received : received.withHeaders(request.apply(received.headers(), received, null)));
        return response == null ? answer : answer.withHeaders(response.apply(answer.headers(), received, answer));
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }
}
