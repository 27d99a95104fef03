package dev.sallyport.plugins.circuitbreaker;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;

final class CircuitBreakerContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(new CircuitBreakerFactory(), Configs.usual());
    }
}
