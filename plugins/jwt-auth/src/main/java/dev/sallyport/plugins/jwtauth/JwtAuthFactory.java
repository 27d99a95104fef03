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
        if (config.audience().isEmpty()) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0}: no audience is set, so tokens that {1} issued for anyone are accepted",
                            context.key(),
                            config.issuer());
        }
        Keys keys = new Keys(
                source(config, context),
                config.refresh(),
                config.staleFor(),
                context.clock(),
                context.logger(),
                context.key());
        CompletableFuture<KeySet> first = keys.ask();
        if (isFile(config) && first != null && first.isCompletedExceptionally()) {
            throw new ConfigException("jwks", Keys.reason(first.exceptionNow()));
        }
        return new JwtAuthFilter(config, new TokenVerifier(config, keys, context.clock()), keys);
    }

    private static KeySource source(JwtAuthConfig config, FilterContext context) {
        Jwks jwks = config.jwks();
        if (jwks == null) {
            warnOfClearText(config.discovery(), context);
            return KeySource.discovery(context.http(), config.discovery(), config.issuer());
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

    private static boolean isFile(JwtAuthConfig config) {
        Jwks jwks = config.jwks();
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
