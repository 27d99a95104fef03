package dev.sallyport.plugins.headers;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import java.util.List;
import java.util.Map;

final class HeadersContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        Changes changes = new Changes(
                null,
                List.of(NamePattern.parse("x-internal-*")),
                Map.of("x-old", "x-new"),
                Map.of("x-client", HeaderValue.parse("{client.address} {header.x-contract}")),
                Map.of(),
                Map.of("x-more", HeaderValue.parse("1")));
        return context.create(new HeadersFactory(), new HeadersConfig(changes, changes));
    }
}
