package dev.sallyport.plugins.validation;

import dev.sallyport.api.Filter;
import dev.sallyport.api.config.Size;
import dev.sallyport.plugins.validation.OpenApiConfig.Mode;
import dev.sallyport.plugins.validation.OpenApiConfig.Unknown;
import dev.sallyport.testkit.FakeContext;
import java.nio.file.Path;

/** Settings of {@code openapi} for tests. */
final class OpenApis {

    private OpenApis() {}

    static OpenApiConfig requests(Path document) {
        return of(document, Mode.ENFORCE, Mode.OFF, Unknown.REFUSE);
    }

    static OpenApiConfig of(Path document, Mode requests, Mode responses, Unknown unknown) {
        return new OpenApiConfig(
                document,
                null,
                requests,
                responses,
                unknown,
                unknown,
                unknown,
                false,
                true,
                new Size(100_000),
                100,
                20);
    }

    static Filter filter(FakeContext context, OpenApiConfig config) {
        return context.create(new OpenApiFactory(), config);
    }
}
