package dev.sallyport.plugins.headers;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the step {@code headers}. */
@Type(value = "headers", replayable = true)
@Doc("Sets, adds, removes and renames header fields of requests and responses.")
public final class HeadersFactory implements FilterFactory<HeadersConfig> {

    @Override
    public Filter create(HeadersConfig config, FilterContext context) {
        return new HeadersFilter(config);
    }
}
