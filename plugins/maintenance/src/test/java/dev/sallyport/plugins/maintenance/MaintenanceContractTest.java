package dev.sallyport.plugins.maintenance;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FilterContract;

final class MaintenanceContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(new MaintenanceFactory(), Configs.allowing("198.51.100.0/24"));
    }

    @Override
    protected FakeExchange.Builder exchange() {
        return FakeExchange.builder().client("198.51.100.7");
    }
}
