package dev.sallyport.plugins.cache;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;

final class CacheContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return new CacheFactory().create(Caches.plain().build(), context);
    }
}
