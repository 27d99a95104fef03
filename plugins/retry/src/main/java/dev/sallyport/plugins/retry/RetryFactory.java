package dev.sallyport.plugins.retry;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.util.concurrent.ThreadLocalRandom;

/** Makes the step {@code retry}. */
@Type("retry")
@Doc("Repeats requests that failed: only such as may be repeated, at another target first, and never more than a budget"
        + " allows.")
public final class RetryFactory implements FilterFactory<RetryConfig> {

    @Override
    public Filter create(RetryConfig config, FilterContext context) {
        if (context.route().startsWith("upstream:") || context.route().equals("*")) {
            throw new ConfigException(
                    "",
                    "retry in " + context.route() + " (expected: under a route: each try chooses a target of the"
                            + " route's upstream)");
        }
        return new RetryFilter(
                config,
                context.clock(),
                context.meter(),
                () -> ThreadLocalRandom.current().nextDouble(),
                context.monitored() ? time -> {} : Thread::sleep);
    }
}
