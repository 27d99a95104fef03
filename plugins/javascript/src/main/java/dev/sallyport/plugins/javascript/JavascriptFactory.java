package dev.sallyport.plugins.javascript;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;

/** Makes a step of a script: all the work is the gateway's own, {@link FilterContext#scripts}. */
@Type(value = "javascript", replayable = true)
public final class JavascriptFactory implements FilterFactory<JavascriptConfig> {

    @Override
    public Filter create(JavascriptConfig config, FilterContext context) throws ConfigException {
        return context.scripts()
                .load(config.script(), config.config(), config.limits(), config.isolation(), config.fetch());
    }
}
