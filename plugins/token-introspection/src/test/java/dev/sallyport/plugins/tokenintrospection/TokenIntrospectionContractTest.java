package dev.sallyport.plugins.tokenintrospection;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import dev.sallyport.testkit.Requests;
import org.junit.jupiter.api.AfterEach;

final class TokenIntrospectionContractTest extends FilterContract {

    private final Provider provider = new Provider().says("good", "{\"active\": true, \"sub\": \"alice\"}");

    @AfterEach
    void stop() {
        provider.close();
    }

    @Override
    protected Filter create(FakeContext context) {
        return context.create(
                new TokenIntrospectionFactory(), Configs.at(provider.endpoint()).build());
    }

    @Override
    protected Requests.Builder passing() {
        return super.passing().header("authorization", "Bearer good");
    }
}
