package dev.sallyport.plugins.jsontransform;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the steps of type {@code json-transform}. */
@Doc("Changes JSON bodies of requests and responses: sets, adds, removes, renames and masks what JSON pointers"
        + " name, or makes new ones by JSONata.")
@Type(value = "json-transform", replayable = true)
public final class JsonTransformFactory implements FilterFactory<JsonTransformConfig> {

    @Override
    public Filter create(JsonTransformConfig config, FilterContext context) {
        return new JsonTransformFilter(config, context);
    }
}
