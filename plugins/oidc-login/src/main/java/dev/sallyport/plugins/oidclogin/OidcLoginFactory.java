package dev.sallyport.plugins.oidclogin;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Store;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import dev.sallyport.oauth.OpenIdProvider;
import dev.sallyport.oauth.Sender;
import io.opentelemetry.api.metrics.LongCounter;
import java.lang.System.Logger.Level;

/** Makes the steps of type {@code oidc-login}. */
@Doc("Lets only people pass who are logged in at the OpenID provider, and leads browsers of others there.")
@Type(
        value = "oidc-login",
        decidesAccess = true,
        provides = {"consumer", "jwt-claims"})
public final class OidcLoginFactory implements FilterFactory<OidcLoginConfig> {

    @Override
    public Filter create(OidcLoginConfig config, FilterContext context) {
        config.rules().headers().keySet().forEach(context::ownHeader);
        if (config.forward()) {
            context.ownHeader("authorization");
        }
        warn(config, context);
        Store store = context.store(config.store());
        String prefix = config.prefix();
        Revocations revocations = new Revocations(store, prefix, config.lifetime(), context.clock(), context.logger());
        OpenIdProvider provider = new OpenIdProvider(
                config.issuer(),
                new Sender(context.http(), config.timeout()),
                context.clock(),
                context.logger(),
                context.key());
        Client client = new Client(config, provider, context.clock());
        SessionCookie cookie = config.sessionCookie();
        Cookies cookies = new Cookies(cookie);
        KeptSessions kept = switch (config.sessions()) {
            case COOKIE -> new SessionCookies(cookies, seal(config, "session"), cookie.name(), config.lifetime());
            case STORE ->
                new StoredSessions(
                        config, cookies, seal(config, "id"), seal(config, "stored"), store, prefix, context.clock());
        };
        LoginCookies loginCookies = new LoginCookies(cookies, seal(config, "login"), cookie.name(), context.clock());
        Answers answers = new Answers(config.ownPaths().login(), cookie.name());
        Sessions sessions = new Sessions(
                config,
                kept,
                revocations,
                refreshes(config, context),
                client,
                context.clock(),
                context.threads(),
                context.logger(),
                counter(context, "refreshes"));
        Login login = new Login(
                config,
                client,
                loginCookies,
                kept,
                revocations,
                answers,
                context.clock(),
                context.logger(),
                counter(context, "logins"));
        Logout logout =
                new Logout(config, client, kept, revocations, answers, context.logger(), counter(context, "logouts"));
        return new OidcLoginFilter(config, login, logout, sessions, kept, loginCookies, answers);
    }

    private static Seal seal(OidcLoginConfig config, String purpose) {
        return new Seal(config.keys(), purpose, config.issuer(), config.clientId());
    }

    private static LongCounter counter(FilterContext context, String what) {
        return context.meter().counterBuilder("sallyport.oidc_login." + what).build();
    }

    private static Refreshes refreshes(OidcLoginConfig config, FilterContext context) {
        try {
            return context.lease(
                    new Refreshes.Key(config.issuer(), config.clientId()), () -> new Refreshes(context.clock()));
        } catch (Exception e) {
            throw new ConfigException("", String.valueOf(e.getMessage()));
        }
    }

    private static void warn(OidcLoginConfig config, FilterContext context) {
        if (!config.issuer().startsWith("https:")) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0}: {1} is asked without TLS: who is on the way can log in as anybody",
                            context.key(),
                            config.issuer());
        }
        if (!config.sessionCookie().secure()) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0}: the session cookie is also sent without TLS: who is on the way can take it",
                            context.key());
        }
    }
}
