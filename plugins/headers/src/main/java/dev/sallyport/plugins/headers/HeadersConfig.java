package dev.sallyport.plugins.headers;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the step {@code headers}.
 *
 * @param request what is done to the request
 * @param response what is done to the response
 */
public record HeadersConfig(
        @Doc("What is done to the request before it is passed on.") @Nullable
        Changes request,

        @Doc("What is done to the response before it is passed back.") @Nullable
        Changes response) {

    /** @throws ConfigException where nothing is to be done, or a request's value reads its response */
    public HeadersConfig {
        if (request == null && response == null) {
            throw new ConfigException("", "nothing to do (expected: request or response, each with set, add, …)");
        }
        String sees = request == null ? null : request.seesResponse();
        if (sees != null) {
            throw new ConfigException(
                    "request." + sees,
                    "response.… (expected: names of the request, which has no response yet); use response");
        }
    }
}
