package dev.sallyport.plugins.bulkhead;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;

/** Makes the step {@code bulkhead}. */
@Type("bulkhead")
@Doc("Bounds how many requests are under way at a time, so that one route or one caller does not take all there is.")
public final class BulkheadFactory implements FilterFactory<BulkheadConfig> {

    @Override
    public Filter create(BulkheadConfig config, FilterContext context) {
        if (context.route().startsWith("upstream:")) {
            throw new ConfigException(
                    "",
                    "bulkhead under an upstream (expected: under a route); an upstream has maxRequests,"
                            + " maxConnections and adaptiveConcurrency");
        }
        return new BulkheadFilter(context.monitored() ? config.withoutWait() : config, context);
    }
}
