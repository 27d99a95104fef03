package dev.sallyport.plugins.respond;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the step {@code respond}. */
@Type(value = "respond", replayable = true)
@Doc("Answers by itself, always the same; what stands after it in the chain is not reached.")
public final class RespondFactory implements FilterFactory<RespondConfig> {

    @Override
    public Filter create(RespondConfig config, FilterContext context) {
        return new RespondFilter(config.response());
    }
}
