package dev.sallyport.plugins.iplist;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FilterContract;
import java.util.List;

final class IpListContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(
                new IpListFactory(),
                new IpListConfig(
                        List.of(Cidr.parse("203.0.113.0/24")), List.of(Cidr.parse("203.0.113.7")), List.of(), null));
    }

    @Override
    protected FakeExchange.Builder exchange() {
        return FakeExchange.builder().client("203.0.113.9");
    }
}
