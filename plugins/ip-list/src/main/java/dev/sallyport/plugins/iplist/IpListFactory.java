package dev.sallyport.plugins.iplist;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the step {@code ip-list}. */
@Type(value = "ip-list", decidesAccess = true, replayable = true)
@Doc("Allows or refuses clients by their address.")
public final class IpListFactory implements FilterFactory<IpListConfig> {

    @Override
    public Filter create(IpListConfig config, FilterContext context) {
        return new IpListFilter(config);
    }
}
