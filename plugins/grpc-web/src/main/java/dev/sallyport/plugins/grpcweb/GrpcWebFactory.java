package dev.sallyport.plugins.grpcweb;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the steps of type {@code grpc-web}. */
@Doc("Serves gRPC services to browsers, by gRPC-Web.")
@Type("grpc-web")
public final class GrpcWebFactory implements FilterFactory<GrpcWebConfig> {

    @Override
    public Filter create(GrpcWebConfig config, FilterContext context) {
        return new GrpcWebFilter(config.maxMessage().bytes(), context);
    }
}
