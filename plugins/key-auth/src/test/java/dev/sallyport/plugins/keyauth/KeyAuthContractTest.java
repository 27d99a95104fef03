package dev.sallyport.plugins.keyauth;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import dev.sallyport.testkit.Requests;

final class KeyAuthContractTest extends FilterContract {

    @Override
    protected FakeContext context() {
        return Keys.context().build();
    }

    @Override
    protected Filter create(FakeContext context) {
        return context.create(new KeyAuthFactory(), Keys.inHeader());
    }

    @Override
    protected Requests.Builder passing() {
        return super.passing().header("x-api-key", "key-of-mobile");
    }
}
