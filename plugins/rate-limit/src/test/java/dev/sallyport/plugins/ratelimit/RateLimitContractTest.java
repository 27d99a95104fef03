package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;

final class RateLimitContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return new RateLimitFactory().create(Limits.of("1000/s").build(), context);
    }
}
