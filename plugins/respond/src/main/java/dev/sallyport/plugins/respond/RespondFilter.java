package dev.sallyport.plugins.respond;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;

/**
 * Answers every request.
 *
 * @param response a value that all exchanges share, since its body can be replayed
 */
record RespondFilter(Response response) implements Filter {

    @Override
    public Response handle(Request request, Next next) {
        return response;
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }
}
