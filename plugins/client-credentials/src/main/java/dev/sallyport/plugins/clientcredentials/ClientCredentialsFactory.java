package dev.sallyport.plugins.clientcredentials;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;
import dev.sallyport.oauth.Endpoint;
import dev.sallyport.oauth.Sender;

/** Makes the steps of type {@code client-credentials}. */
@Doc("Sends requests on with a token that the gateway gets for itself, as Authorization: Bearer.")
@Type("client-credentials")
public final class ClientCredentialsFactory implements FilterFactory<ClientCredentialsConfig> {

    @Override
    public Filter create(ClientCredentialsConfig config, FilterContext context) {
        Sender sender = new Sender(context.http(), config.timeout());
        Endpoint endpoint = Endpoint.of(
                config.endpoint(),
                config.issuer(),
                "token_endpoint",
                "who is on the way reads the secret and the token",
                sender,
                context);
        TokenSource source = new TokenSource(config, endpoint, sender, context.clock());
        return new ClientCredentialsFilter(
                new CurrentToken(source, context.clock(), context.threads(), context.logger(), context.key()));
    }
}
