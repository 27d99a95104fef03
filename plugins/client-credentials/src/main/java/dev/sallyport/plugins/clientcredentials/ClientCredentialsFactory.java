package dev.sallyport.plugins.clientcredentials;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.Objects;

/** Makes the steps of type {@code client-credentials}. */
@Doc("Sends requests on with a token that the gateway gets for itself, as Authorization: Bearer.")
@Type("client-credentials")
public final class ClientCredentialsFactory implements FilterFactory<ClientCredentialsConfig> {

    @Override
    public Filter create(ClientCredentialsConfig config, FilterContext context) {
        Sender sender = new Sender(context.http(), config.timeout());
        TokenSource source = new TokenSource(config, endpoint(config, sender, context), sender, context.clock());
        return new ClientCredentialsFilter(
                new CurrentToken(source, context.clock(), context.threads(), context.logger(), context.key()));
    }

    private static TokenSource.Endpoint endpoint(ClientCredentialsConfig config, Sender sender, FilterContext context) {
        URI endpoint = config.endpoint();
        if (endpoint != null) {
            warnOfClearText(endpoint, context);
            return () -> endpoint;
        }
        String issuer = Objects.requireNonNull(config.issuer(), "one of the two is there");
        URI document = Urls.metadata(issuer);
        warnOfClearText(document, context);
        return new Discovery(issuer, document, sender, context.clock())::endpoint;
    }

    private static void warnOfClearText(URI url, FilterContext context) {
        if (!"https".equals(url.getScheme())) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0}: {1} is asked without TLS: who is on the way reads the secret and the token",
                            context.key(),
                            url);
        }
    }
}
