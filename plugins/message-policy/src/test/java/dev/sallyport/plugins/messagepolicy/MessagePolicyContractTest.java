package dev.sallyport.plugins.messagepolicy;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;

final class MessagePolicyContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return new MessagePolicyFactory().create(Policies.usual(), context);
    }
}
