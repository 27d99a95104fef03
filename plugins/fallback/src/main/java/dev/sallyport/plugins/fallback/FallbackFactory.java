package dev.sallyport.plugins.fallback;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the step {@code fallback}. */
@Type(value = "fallback", replayable = true)
@Doc("Answers, or has another upstream answer, in the place of an upstream that fails, or of a step behind it that"
        + " refuses.")
public final class FallbackFactory implements FilterFactory<FallbackConfig> {

    @Override
    public Filter create(FallbackConfig config, FilterContext context) {
        return new FallbackFilter(config, context.monitored());
    }
}
