package dev.sallyport.plugins.compress;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;

final class CompressContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return new CompressFactory().create(Compression.config(CompressConfig.Guard.NONE, Coding.values()), context);
    }
}
