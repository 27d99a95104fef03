package dev.sallyport.plugins.requestsize;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the step {@code request-size}. */
@Type(value = "request-size", replayable = true)
@Doc("Refuses requests whose body is too large: by its length at once, else as soon as too many bytes have come.")
public final class RequestSizeFactory implements FilterFactory<RequestSizeConfig> {

    @Override
    public Filter create(RequestSizeConfig config, FilterContext context) {
        return new RequestSizeFilter(config);
    }
}
