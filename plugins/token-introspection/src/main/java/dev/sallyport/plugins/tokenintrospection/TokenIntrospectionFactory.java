package dev.sallyport.plugins.tokenintrospection;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;
import dev.sallyport.oauth.Endpoint;
import dev.sallyport.oauth.Sender;
import java.lang.System.Logger.Level;

/** Makes the steps of type {@code token-introspection}. */
@Doc("Lets only requests pass whose token the identity provider says is active; others are answered 401 or 403.")
@Type(
        value = "token-introspection",
        decidesAccess = true,
        provides = {"consumer", "jwt-claims"})
public final class TokenIntrospectionFactory implements FilterFactory<TokenIntrospectionConfig> {

    @Override
    public Filter create(TokenIntrospectionConfig config, FilterContext context) {
        config.rules().headers().keySet().forEach(context::ownHeader);
        if (config.audience().isEmpty()) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0}: no audience is set, so tokens that the provider issued for anyone are accepted",
                            context.key());
        }
        Sender sender = new Sender(context.http(), config.timeout());
        Introspection provider = new Introspection(
                Endpoint.of(
                        config.endpoint(),
                        config.issuer(),
                        "introspection_endpoint",
                        "who is on the way reads the tokens and can change the answers",
                        sender,
                        context),
                config.clientAuth().of(config.clientId(), config.clientSecret()),
                sender,
                context.clock(),
                context.logger(),
                context.key());
        return new TokenIntrospectionFilter(
                config, new KnownAnswers(config, provider, context.clock(), context.threads()), context.meter());
    }
}
