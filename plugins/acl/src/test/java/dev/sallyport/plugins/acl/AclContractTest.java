package dev.sallyport.plugins.acl;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FilterContract;
import java.util.List;
import java.util.Map;

final class AclContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(
                new AclFactory(),
                new AclConfig(
                        List.of(new Rule(List.of("mobile"), List.of(), List.of(), Map.of(), List.of())),
                        List.of(),
                        AclConfig.Unidentified.REFUSE,
                        "jwt-claims"));
    }

    @Override
    protected FakeExchange.Builder exchange() {
        return super.exchange().consumer(new Consumer("mobile"));
    }
}
