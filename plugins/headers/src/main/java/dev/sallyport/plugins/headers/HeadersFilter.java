package dev.sallyport.plugins.headers;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;

/** Changes the fields of the request on its way in, and those of the response on its way out. */
final class HeadersFilter implements Filter {

    private final Changes request;
    private final Changes response;

    HeadersFilter(HeadersConfig config) {
        request = config.request();
        response = config.response();
    }

    @Override
    public Response handle(Request received, Next next) throws Exception {
        Response answer = next.proceed(received.withHeaders(request.apply(received.headers(), received)));
        return answer.withHeaders(response.apply(answer.headers(), received));
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }
}
