package dev.sallyport.plugins.elk;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.io.IOException;

/** Makes the step {@code elk}. Steps with one destination share one pipeline. */
@Type("elk")
@Doc("Sends a record of each exchange to Elasticsearch or Logstash, by way of the disk.")
public final class ElkFactory implements FilterFactory<ElkConfig> {

    @Override
    public Filter create(ElkConfig config, FilterContext context) {
        ElkConfig.Destination to = config.destination();
        Pipeline pipeline = pipeline(to, context);
        pipeline.adopt(context.dataFolder());
        pipeline.adoptAllFor(to.shown());
        Metrics.register(context, pipeline);
        return new ElkFilter(config, to.shown(), pipeline);
    }

    private static Pipeline pipeline(ElkConfig.Destination to, FilterContext context) {
        try {
            return context.lease(to, () -> {
                Output output = to.open();
                try {
                    return new Pipeline(output, context.dataFolder(), to.bounds(), context.logger());
                } catch (IOException | RuntimeException e) {
                    output.close();
                    throw e;
                }
            });
        } catch (IOException e) {
            throw new ConfigException(
                    "spool",
                    context.dataFolder() + " (expected: a folder that can be written; " + e.getMessage() + ")");
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
