package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import java.util.List;

final class AccessLogContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        Destination to = new Destination.File(context.dataFolder().resolve("access.log"));
        return context.create(
                new AccessLogFactory(),
                new AccessLogConfig(AccessLogConfig.Format.JSON, to, List.of("x-contract"), List.of()));
    }
}
