package dev.sallyport.plugins.rewrite;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import dev.sallyport.testkit.Requests;

final class RewriteContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(new RewriteFactory(), Configs.regex("/api/(.*)", "/v2/$1"));
    }

    @Override
    protected Requests.Builder passing() {
        return Requests.of("POST", "/api/orders?full=yes");
    }
}
