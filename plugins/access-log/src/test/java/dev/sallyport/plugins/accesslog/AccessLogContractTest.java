package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;

final class AccessLogContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        Destination to = new Destination.File(context.dataFolder().resolve("access.log"), null);
        return context.create(new AccessLogFactory(), Configs.of(new AccessLogConfig.Format.Json(), to));
    }
}
