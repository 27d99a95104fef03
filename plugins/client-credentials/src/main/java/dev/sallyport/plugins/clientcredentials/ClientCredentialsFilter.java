package dev.sallyport.plugins.clientcredentials;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.oauth.ProviderUnavailableException;

/** Sends each request on with the gateway's token. */
final class ClientCredentialsFilter implements Filter {

    private static final Problem UNAVAILABLE =
            new Problem(503, "identity-provider-unavailable", "The identity provider cannot be asked at present");

    private final CurrentToken tokens;

    ClientCredentialsFilter(CurrentToken tokens) {
        this.tokens = tokens;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Token token;
        try {
            token = tokens.get();
        } catch (ProviderUnavailableException alreadyLogged) {
            return unavailable(request);
        }
        Response response = next.proceed(with(request, token));
        if (response.status() != 401 || !tokens.refused(token)) {
            return response;
        }
        request.exchange().note("token", "refused by the upstream");
        if (!request.body().isReplayable()) {
            // The body is gone. The next request gets a newer token.
            return response;
        }
        Token newer;
        try {
            newer = tokens.get();
        } catch (ProviderUnavailableException alreadyLogged) {
            return response;
        }
        response.body().close();
        return next.proceed(with(request, newer));
    }

    /** With the token that is here: the provider is not asked. */
    @Override
    public Explanation explain(Request request) {
        Token here = tokens.here();
        return here == null
                ? new Explanation.Unknown("the provider is asked for a token first")
                : new Explanation.Passes(with(request, here), "");
    }

    private static Request with(Request request, Token token) {
        return request.withHeader("authorization", "Bearer " + token.value());
    }

    private static Response unavailable(Request request) {
        request.exchange().note("refused", "no token");
        return UNAVAILABLE.toResponse(request).withHeader("retry-after", Long.toString(CurrentToken.PAUSE.toSeconds()));
    }
}
