package dev.sallyport.plugins.headers;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;

/**
 * The settings of the step {@code headers}.
 *
 * @param request what is done to the request
 * @param response what is done to the response
 */
public record HeadersConfig(
        @Doc("What is done to the request before it is passed on.") @Default("{}")
        Changes request,

        @Doc("What is done to the response before it is passed back.") @Default("{}")
        Changes response) {

    /** @throws ConfigException where nothing is to be done, or a name cannot be changed by a step */
    public HeadersConfig {
        if (request.isEmpty() && response.isEmpty()) {
            throw new ConfigException("", "nothing to do (expected: request or response, each with set, add, …)");
        }
        request.check("request");
        response.check("response");
    }
}
