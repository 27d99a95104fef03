package dev.sallyport.plugins.fault;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;
import java.lang.System.Logger.Level;

/** Makes the step {@code fault}. */
@Type("fault")
@Doc("Delays or fails a share of the requests, to test what copes with that. It ends by itself.")
public final class FaultFactory implements FilterFactory<FaultConfig> {

    @Override
    public Filter create(FaultConfig config, FilterContext context) {
        FaultConfig.Only only = config.only();
        context.logger()
                .log(
                        Level.WARNING,
                        "{0}: injects faults into {1}, {2}",
                        context.key(),
                        only == null ? "all requests" : "requests with " + only.header(),
                        config.until() == null ? "until it is taken out" : "until " + config.until());
        return new FaultFilter(config, context);
    }
}
