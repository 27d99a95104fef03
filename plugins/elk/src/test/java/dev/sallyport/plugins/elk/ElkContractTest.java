package dev.sallyport.plugins.elk;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;

final class ElkContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(new ElkFactory(), Configs.toLogstash("http://127.0.0.1:1", true));
    }
}
