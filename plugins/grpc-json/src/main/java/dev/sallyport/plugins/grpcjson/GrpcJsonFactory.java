package dev.sallyport.plugins.grpcjson;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;

/** Makes the steps of type {@code grpc-json}. */
@Doc("Serves gRPC services as REST with JSON.")
@Type("grpc-json")
public final class GrpcJsonFactory implements FilterFactory<GrpcJsonConfig> {

    @Override
    public Filter create(GrpcJsonConfig config, FilterContext context) {
        try {
            ApiSource source = config.from() instanceof Description.Reflection reflection
                    ? new Reflected(config, reflection, context)
                    : ApiFiles.of(config, context);
            return new GrpcJsonFilter(config, source, context);
        } catch (DescriptionException e) {
            throw new ConfigException("from", String.valueOf(e.getMessage()));
        }
    }
}
