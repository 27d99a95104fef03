package dev.sallyport.plugins.rewrite;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the step {@code rewrite}. */
@Type(value = "rewrite", replayable = true)
@Doc("Changes path, query, host and method of the request and the status of the response, or redirects the client.")
public final class RewriteFactory implements FilterFactory<RewriteConfig> {

    @Override
    public Filter create(RewriteConfig config, FilterContext context) {
        return new RewriteFilter(config);
    }
}
