package dev.sallyport.plugins.cors;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the step {@code cors}. */
@Type(value = "cors", replayable = true)
@Doc("Answers browsers that ask whether a page of another origin may call, and tells them which answers it may read.")
public final class CorsFactory implements FilterFactory<CorsConfig> {

    @Override
    public Filter create(CorsConfig config, FilterContext context) {
        return new CorsFilter(config);
    }
}
