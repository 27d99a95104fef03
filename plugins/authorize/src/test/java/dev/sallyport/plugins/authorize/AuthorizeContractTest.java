package dev.sallyport.plugins.authorize;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FilterContract;
import java.util.List;
import java.util.Map;

final class AuthorizeContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(
                new AuthorizeFactory(),
                new AuthorizeConfig(
                        Configs.rules("'partners' in consumer.groups"), Configs.rules("request.method == 'DELETE'")));
    }

    @Override
    protected FakeExchange.Builder exchange() {
        return FakeExchange.builder().consumer(new Consumer("mobile", List.of("partners"), Map.of()));
    }
}
