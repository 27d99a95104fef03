package dev.sallyport.plugins.grpcweb;

import dev.sallyport.api.Filter;
import dev.sallyport.api.config.Size;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;

/** For what is no gRPC-Web. */
final class GrpcWebContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return new GrpcWebFactory().create(new GrpcWebConfig(Size.parse("4MiB")), context);
    }
}
