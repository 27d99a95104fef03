package dev.sallyport.plugins.graphql;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the step {@code graphql}. */
@Type(
        value = "graphql",
        decidesAccess = true,
        provides = {"graphql-operation", "graphql-kind"})
@Doc("Guards a GraphQL service: limits, introspection, persisted queries, who may ask for which fields.")
public final class GraphqlFactory implements FilterFactory<GraphqlConfig> {

    @Override
    public Filter create(GraphqlConfig config, FilterContext context) {
        return new GraphqlFilter(config, context);
    }
}
