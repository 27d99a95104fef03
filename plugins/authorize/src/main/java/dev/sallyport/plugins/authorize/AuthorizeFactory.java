package dev.sallyport.plugins.authorize;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the step {@code authorize}. */
@Type(value = "authorize", decidesAccess = true, replayable = true)
@Doc("Lets requests pass by conditions over request, consumer and claims, written in CEL; others are answered 403.")
public final class AuthorizeFactory implements FilterFactory<AuthorizeConfig> {

    @Override
    public Filter create(AuthorizeConfig config, FilterContext context) {
        return new AuthorizeFilter(config, context.clock(), context.meter());
    }
}
