package dev.sallyport.plugins.cors;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import dev.sallyport.testkit.Requests;

final class CorsContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(
                new CorsFactory(),
                Configs.of("https://*.example.com").expose("x-total").build());
    }

    @Override
    protected Requests.Builder passing() {
        return Requests.of("POST", "/").header("origin", "https://app.example.com");
    }
}
