package dev.sallyport.plugins.jwtauth;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.lang.System.Logger.Level;
import java.time.Duration;
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
        SourceOfKeys source = SourceOfKeys.of(issuer);
        if (source.isInClearText()) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0}: the keys come from {1} without TLS: who is on the way can exchange them",
                            context.key(),
                            source.where());
        }
        return new TrustedIssuer(issuer, keys(source, place, config, context));
    }

    /** What makes the keys of two steps the same. */
    private record SharedKeys(SourceOfKeys source, Duration refresh, Duration staleFor) {}

    /** Those that other steps have already, where they come from the same place and are kept for as long. */
    private static Keys keys(SourceOfKeys source, String place, JwtAuthConfig config, FilterContext context) {
        try {
            return context.lease(
                    new SharedKeys(source, config.refresh(), config.staleFor()),
                    () -> fetched(source, place, config, context));
        } catch (RuntimeException refused) {
            throw refused;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Keys fetched(SourceOfKeys source, String place, JwtAuthConfig config, FilterContext context) {
        Keys keys = new Keys(
                source.open(context.http()),
                config.refresh(),
                config.staleFor(),
                context.clock(),
                context.logger(),
                String.valueOf(source.where()));
        CompletableFuture<KeySet> first = keys.ask();
        if (source.isFile() && first != null && first.isCompletedExceptionally()) {
            throw new ConfigException(place, Keys.reason(first.exceptionNow()));
        }
        return keys;
    }
}
