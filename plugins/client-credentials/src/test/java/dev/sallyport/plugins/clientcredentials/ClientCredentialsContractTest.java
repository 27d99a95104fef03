package dev.sallyport.plugins.clientcredentials;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import org.junit.jupiter.api.AfterEach;

final class ClientCredentialsContractTest extends FilterContract {

    private final Provider provider = new Provider();

    @AfterEach
    void stop() {
        provider.close();
    }

    @Override
    protected Filter create(FakeContext context) {
        return context.create(
                new ClientCredentialsFactory(), Configs.at(provider.endpoint()).build());
    }
}
