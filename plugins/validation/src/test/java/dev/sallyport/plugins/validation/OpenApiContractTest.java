package dev.sallyport.plugins.validation;

import dev.sallyport.api.Filter;
import dev.sallyport.plugins.validation.OpenApiConfig.Mode;
import dev.sallyport.plugins.validation.OpenApiConfig.Unknown;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class OpenApiContractTest extends FilterContract {

    @TempDir
    Path folder;

    @Override
    protected Filter create(FakeContext context) throws IOException {
        Path document = Files.writeString(folder.resolve("api.yaml"), """
            openapi: 3.1.0
            info: {title: t, version: "1"}
            paths:
              /:
                post:
                  requestBody: {content: {text/plain: {schema: {type: string}}}}
                  responses: {"200": {content: {text/plain: {schema: {type: string}}}}}
            """);
        return OpenApis.filter(context, OpenApis.of(document, Mode.ENFORCE, Mode.ENFORCE, Unknown.REFUSE));
    }

    @Override
    protected Requests.Builder passing() {
        return Requests.of("POST", "/").header("content-type", "text/plain");
    }
}
