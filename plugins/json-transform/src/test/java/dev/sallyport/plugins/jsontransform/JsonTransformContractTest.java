package dev.sallyport.plugins.jsontransform;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import java.util.List;

final class JsonTransformContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return new JsonTransformFactory()
                .create(
                        JsonTransformFilterTest.config(
                                List.of(OperationsTest.remove("/a")), List.of(OperationsTest.remove("/a"))),
                        context);
    }
}
