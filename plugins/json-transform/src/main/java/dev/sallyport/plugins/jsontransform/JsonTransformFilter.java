package dev.sallyport.plugins.jsontransform;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.json.BadContentException;
import dev.sallyport.json.MediaTypes;
import dev.sallyport.json.Rewriting;
import java.io.IOException;

/** Changes bodies as they pass. */
final class JsonTransformFilter implements Filter {

    private final Operations ofRequest;
    private final Operations ofResponse;
    private final MediaTypes types;
    private final MediaTypes lineTypes;

    JsonTransformFilter(JsonTransformConfig config, FilterContext context) {
        ofRequest = Operations.of("request", config.request(), config, context);
        ofResponse = Operations.of("response", config.response(), config, context);
        types = new MediaTypes(config.types());
        lineTypes = new MediaTypes(config.lineTypes());
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Response response;
        try {
            response = next.proceed(onward(request));
        } catch (BadContentException e) {
            return e.problem().toResponse(request);
        }
        if (ofResponse.isEmpty() || !Rewriting.concerns(response) || !fits(response.headers())) {
            return response;
        }
        try {
            boolean lines = lineTypes.match(response.headers());
            return Rewriting.response(request.method(), response, () -> ofResponse.rewriter(request, lines));
        } catch (BadContentException e) {
            return e.ofResponse().toResponse(request);
        }
    }

    private Request onward(Request request) throws IOException {
        Request asked = ofResponse.isEmpty() ? request : Rewriting.forWhole(request);
        if (ofRequest.isEmpty() || !fits(request.headers())) {
            return asked;
        }
        boolean lines = lineTypes.match(request.headers());
        return Rewriting.request(asked, () -> ofRequest.rewriter(request, lines));
    }

    private boolean fits(Headers headers) {
        return types.match(headers) || lineTypes.match(headers);
    }

    @Override
    public Explanation explain(Request request) {
        try {
            return new Explanation.Passes(onward(request), told(request));
        } catch (IOException e) {
            return new Explanation.Unknown("the body cannot be read: " + e.getMessage());
        }
    }

    private String told(Request request) {
        String passes = ofResponse.isEmpty() ? "" : "changes the response where it is JSON";
        if (ofRequest.isEmpty()) {
            return passes;
        }
        String body =
                fits(request.headers()) ? "changes the request's body" : "leaves the request's body, which is not JSON";
        return passes.isEmpty() ? body : body + "; " + passes;
    }
}
