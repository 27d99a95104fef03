package dev.sallyport.plugins.mtlsauth;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FilterContract;

final class MtlsAuthContractTest extends FilterContract {

    @Override
    protected FakeContext context() {
        return FakeContext.builder()
                .credential(Certificates.ORDERS, Certificates.uri("spiffe://shop.example/ns/prod/orders"))
                .build();
    }

    @Override
    protected Filter create(FakeContext context) {
        return context.create(new MtlsAuthFactory(), Certificates.config());
    }

    @Override
    protected FakeExchange.Builder exchange() {
        return Certificates.shown(Certificates.orders());
    }
}
