package dev.sallyport.plugins.bulkhead;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import java.time.Duration;

final class BulkheadContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(new BulkheadFactory(), new BulkheadConfig(100, null, Duration.ZERO, null));
    }
}
