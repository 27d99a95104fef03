package dev.sallyport.plugins.validation;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import dev.sallyport.testkit.Requests;
import org.junit.jupiter.api.Nested;

final class JsonSchemaContractTest {

    @Nested
    final class OfRequests extends FilterContract {

        @Override
        protected Filter create(FakeContext context) {
            JsonSchemaConfig config = JsonSchemas.request("{\"title\": \"anything\"}");
            return JsonSchemas.filter(
                    context,
                    new JsonSchemaConfig(
                            config.file(),
                            config.schema(),
                            config.with(),
                            config.of(),
                            config.draft(),
                            true,
                            config.contentTypes(),
                            JsonSchemaConfig.OtherTypes.PASS,
                            true,
                            config.maxBody(),
                            config.maxDepth(),
                            config.maxErrors()));
        }

        @Override
        protected Requests.Builder passing() {
            return Requests.of("PUT", "/");
        }
    }

    @Nested
    final class OfResponses extends FilterContract {

        @Override
        protected Filter create(FakeContext context) {
            return JsonSchemas.filter(context, JsonSchemas.response("{\"title\": \"anything\"}"));
        }
    }
}
