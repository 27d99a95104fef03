package dev.sallyport.plugins.mask;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;

final class MaskContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return new MaskFactory()
                .create(
                        Rules.config(
                                Rules.patterns(Rules.STARS, KnownPattern.values()),
                                Rules.headers(Rules.STARS, "x-card")),
                        context);
    }
}
