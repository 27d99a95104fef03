package dev.sallyport.plugins.retry;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import java.util.EnumSet;
import java.util.Set;

final class RetryContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(
                new RetryFactory(),
                Configs.usual().methods("POST").maxBody(1_000).get());
    }

    @Override
    protected Set<Trait> traits() {
        return EnumSet.of(Trait.RETRIES);
    }
}
