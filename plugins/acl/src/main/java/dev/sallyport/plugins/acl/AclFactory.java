package dev.sallyport.plugins.acl;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the steps of type {@code acl}. */
@Doc("Lets callers pass by their groups, scopes and claims, and by what they want; others are answered 403.")
@Type(value = "acl", decidesAccess = true, replayable = true, reads = "consumer")
public final class AclFactory implements FilterFactory<AclConfig> {

    @Override
    public Filter create(AclConfig config, FilterContext context) {
        return new AclFilter(config);
    }
}
