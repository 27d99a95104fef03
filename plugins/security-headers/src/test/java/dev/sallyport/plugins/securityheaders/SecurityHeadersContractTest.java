package dev.sallyport.plugins.securityheaders;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;

final class SecurityHeadersContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(
                new SecurityHeadersFactory(), Configs.defaults().overriding().build());
    }
}
