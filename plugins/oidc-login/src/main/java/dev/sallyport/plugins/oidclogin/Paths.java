package dev.sallyport.plugins.oidclogin;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The paths that the step answers itself; the route must lead them here. */
public record Paths(
        @Doc("Where the provider sends the browser back to; it must be registered there, with the origin before it.")
        @Default("/oidc/callback")
        String callback,

        @Doc("Begins a login and comes back to the path under return: /oidc/login?return=/basket.")
        @Default("/oidc/login")
        String login,

        @Doc("Ends the session, here and at the provider.") @Default("/oidc/logout")
        String logout,

        @Doc("Where the provider itself says that somebody has logged out; to be registered there.")
        @Default("/oidc/backchannel-logout")
        String backchannelLogout) {

    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9\\-._~/]*");

    static final Paths DEFAULT = new Paths("/oidc/callback", "/oidc/login", "/oidc/logout", "/oidc/backchannel-logout");

    public Paths {
        check("callback", callback);
        check("login", login);
        check("logout", logout);
        check("backchannelLogout", backchannelLogout);
        if (Set.copyOf(List.of(callback, login, logout, backchannelLogout)).size() < 4) {
            throw new ConfigException("", "(expected: four paths that differ)");
        }
    }

    private static void check(String key, String path) {
        if (!PATH.matcher(path).matches() || path.startsWith("//")) {
            throw new ConfigException(key, "'" + path + "' (expected: a path such as /oidc/" + key + ")");
        }
    }
}
