package dev.sallyport.plugins.fallback;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import java.util.EnumSet;
import java.util.Set;

final class FallbackContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(new FallbackFactory(), Configs.of(Configs.rule(200, "instead")));
    }

    @Override
    protected Set<Trait> traits() {
        return EnumSet.of(Trait.HANDLES_FAILURES);
    }
}
