package dev.sallyport.plugins.fault;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;

final class FaultContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(new FaultFactory(), Configs.only("x-fault", null));
    }
}
