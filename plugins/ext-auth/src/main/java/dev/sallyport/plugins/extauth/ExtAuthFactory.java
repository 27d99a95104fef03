package dev.sallyport.plugins.extauth;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;
import java.lang.System.Logger.Level;
import java.net.URI;

/** Makes the step {@code ext-auth}. */
@Type(value = "ext-auth", decidesAccess = true)
@Doc("Asks a service whether a request may pass: any HTTP service (forward auth), or Open Policy Agent.")
public final class ExtAuthFactory implements FilterFactory<ExtAuthConfig> {

    @Override
    public Filter create(ExtAuthConfig config, FilterContext context) {
        config.toUpstream().forEach(context::ownHeader);
        warnOfClearText(config.ask().url(), context);
        SideCall call = new SideCall(context.http(), config.timeout());
        Decider decider = switch (config.ask()) {
            case Service.Http http -> new HttpDecider(http, config, call);
            case Service.Opa opa -> new OpaDecider(opa, config, call);
        };
        DecisionCache cache = config.cache() == null ? null : new DecisionCache(config.cache(), context.clock());
        return new ExtAuthFilter(config, decider, cache, context);
    }

    private static void warnOfClearText(URI url, FilterContext context) {
        String host = url.getHost();
        boolean near = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
        if (!"https".equals(url.getScheme()) && !near) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0}: {1} is asked without TLS: who is on the way reads what it is sent, and can decide",
                            context.key(),
                            host);
        }
    }
}
