package dev.sallyport.plugins.securityheaders;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the step {@code security-headers}. */
@Type(value = "security-headers", replayable = true)
@Doc("Sets the response headers by which browsers protect users, and takes off those that tell of the software behind.")
public final class SecurityHeadersFactory implements FilterFactory<SecurityHeadersConfig> {

    @Override
    public Filter create(SecurityHeadersConfig config, FilterContext context) {
        return new SecurityHeadersFilter(config);
    }
}
