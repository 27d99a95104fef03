package dev.sallyport.plugins.graphql;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import dev.sallyport.testkit.Requests;

final class GraphqlContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return new GraphqlFactory().create(new Settings().build(), context);
    }

    @Override
    protected Requests.Builder passing() {
        return Requests.get("/graphql?query=%7Ba%7D");
    }
}
