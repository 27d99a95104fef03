package dev.sallyport.plugins.respond;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

final class RespondContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(new RespondFactory(), new RespondConfig(200, Map.of(), "hello", Map.of()));
    }

    @Override
    protected Set<Trait> traits() {
        return EnumSet.of(Trait.ANSWERS);
    }
}
