package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Filter;
import dev.sallyport.api.config.Rate;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;

final class RateLimitContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return new RateLimitFactory()
                .create(
                        new RateLimitConfig(Rate.parse("1000/s"), null, null, Algorithm.TOKEN_BUCKET, "memory", false),
                        context);
    }
}
