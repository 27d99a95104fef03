package dev.sallyport.plugins.jwtauth;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Makes the steps of type {@code jwt-auth}. */
@Doc("Lets only requests pass that carry a valid token of the issuer; others are answered 401 or 403.")
@Type(
        value = "jwt-auth",
        decidesAccess = true,
        replayable = true,
        provides = {"consumer", "jwt-claims"})
public final class JwtAuthFactory implements FilterFactory<JwtAuthConfig> {

    @Override
    public Filter create(JwtAuthConfig config, FilterContext context) {
        config.rules().headers().keySet().forEach(context::ownHeader);
        List<TrustedIssuer> issuers = new ArrayList<>();
        for (Issuer issuer : config.issuers()) {
            String place = issuers.isEmpty() ? "jwks" : "also[" + (issuers.size() - 1) + "].jwks";
            issuers.add(trusted(issuer, place, config, context));
        }
        return new JwtAuthFilter(config, List.copyOf(issuers), context);
    }

    private static TrustedIssuer trusted(Issuer issuer, String place, JwtAuthConfig config, FilterContext context) {
        if (issuer.audience().isEmpty()) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0}: no audience is set, so tokens that {1} issued for anyone are accepted",
                            context.key(),
                            issuer.issuer());
        }
        Keys keys = new Keys(
                source(issuer, context),
                config.refresh(),
                config.staleFor(),
                context.clock(),
                context.logger(),
                context.key() + ", " + issuer.issuer());
        CompletableFuture<KeySet> first = keys.ask();
        if (isFile(issuer) && first != null && first.isCompletedExceptionally()) {
            throw new ConfigException(place, Keys.reason(first.exceptionNow()));
        }
        return new TrustedIssuer(issuer, keys);
    }

    private static KeySource source(Issuer issuer, FilterContext context) {
        Jwks jwks = issuer.jwks();
        if (jwks == null) {
            warnOfClearText(issuer.discovery(), context);
            return KeySource.discovery(context.http(), issuer.discovery(), issuer.issuer());
        }
        Path file = jwks.file();
        if (file != null) {
            return KeySource.file(file);
        }
        URI url = jwks.url();
        if (url == null) {
            throw new ConfigException("jwks", "(expected: either a url or a file)");
        }
        warnOfClearText(url, context);
        return KeySource.url(context.http(), url);
    }

    private static boolean isFile(Issuer issuer) {
        Jwks jwks = issuer.jwks();
        return jwks != null && jwks.file() != null;
    }

    private static void warnOfClearText(URI url, FilterContext context) {
        if (!"https".equals(url.getScheme())) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0}: the keys come from {1} without TLS: who is on the way can exchange them",
                            context.key(),
                            url);
        }
    }
}
