package dev.sallyport.plugins.grpcjson;

import dev.sallyport.api.Filter;
import dev.sallyport.plugins.grpcjson.GrpcJsonConfig.Unmatched;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import dev.sallyport.testkit.Requests;

/** For what passes: requests that reach no method. */
final class GrpcJsonContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return new GrpcJsonFactory().create(Configs.shop(Unmatched.PASS), context);
    }

    @Override
    protected Requests.Builder passing() {
        return Requests.of("POST", "/elsewhere");
    }
}
