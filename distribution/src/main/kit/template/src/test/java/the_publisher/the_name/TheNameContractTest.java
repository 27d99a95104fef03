package the_publisher.the_name;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;

/** What every filter keeps. */
final class TheNameContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(new TheNameFactory(), new TheNameConfig("x-greeting", "good morning"));
    }
}
