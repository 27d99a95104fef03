package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.io.IOException;

/** Makes the step {@code access-log}. Steps that write to one destination share one writer. */
@Type("access-log")
@Doc("Writes a line for each exchange when it has ended.")
public final class AccessLogFactory implements FilterFactory<AccessLogConfig> {

    @Override
    public Filter create(AccessLogConfig config, FilterContext context) {
        Destination to = config.to().normal();
        try {
            LineWriter writer = context.lease(
                    to,
                    () -> new LineWriter(to.open(context.clock(), context.logger()), to.toString(), context.logger()));
            return new AccessLogFilter(config, writer, new Counts(context.meter(), writer::waiting));
        } catch (IOException e) {
            throw new ConfigException("to", to + " (expected: a file that can be written; " + e + ")");
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
