package dev.sallyport.plugins.analytics;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;

final class AnalyticsContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(new AnalyticsFactory(), Settings.DEFAULT);
    }
}
