package example.pathrules;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import java.util.List;

final class PathRulesContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(new PathRulesFactory(), new PathRulesFactory.Config(List.of("[.]bak$")));
    }
}
