package dev.sallyport.plugins.basicauth;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import dev.sallyport.testkit.Requests;

final class BasicAuthContractTest extends FilterContract {

    @Override
    protected FakeContext context() {
        return Logins.context().build();
    }

    @Override
    protected Filter create(FakeContext context) {
        return context.create(new BasicAuthFactory(), Logins.config());
    }

    @Override
    protected Requests.Builder passing() {
        return super.passing().header("authorization", Logins.header("anna", "right"));
    }
}
