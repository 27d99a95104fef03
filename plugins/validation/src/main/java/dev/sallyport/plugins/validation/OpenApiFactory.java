package dev.sallyport.plugins.validation;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import dev.sallyport.plugins.validation.Document.DocumentException;

/** Makes the step {@code openapi}. */
@Type(value = "openapi", replayable = true)
@Doc("Checks requests and responses by an OpenAPI document.")
public final class OpenApiFactory implements FilterFactory<OpenApiConfig> {

    @Override
    public Filter create(OpenApiConfig config, FilterContext context) {
        try {
            return new OpenApiFilter(config, Watched.of(() -> make(config), context), context);
        } catch (DocumentException e) {
            throw new ConfigException("document", String.valueOf(e.getMessage()));
        }
    }

    private static Watched.Made<Api> make(OpenApiConfig config) throws DocumentException {
        Api api = Api.read(config.document(), config.basePath(), config.formats());
        return new Watched.Made<>(api, api.files().documents().keySet());
    }
}
