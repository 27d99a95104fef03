package dev.sallyport.plugins.requestsize;

import dev.sallyport.api.Filter;
import dev.sallyport.api.config.Size;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;

final class RequestSizeContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(new RequestSizeFactory(), new RequestSizeConfig(new Size(1_024), false));
    }
}
