package dev.sallyport.plugins.grpcjson;

import dev.sallyport.api.Filter;
import dev.sallyport.plugins.grpcjson.GrpcJsonConfig.Unmatched;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import dev.sallyport.testkit.Requests;

/** For calls, of a method that has no body. */
final class CallContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return new GrpcJsonFactory().create(Configs.shop(Unmatched.REFUSE), context);
    }

    @Override
    protected Requests.Builder passing() {
        return Requests.of("GET", "/v1/customers/1/orders/2");
    }
}
