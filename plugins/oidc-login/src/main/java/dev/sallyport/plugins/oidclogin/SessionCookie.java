package dev.sallyport.plugins.oidclogin;

import dev.sallyport.api.Headers;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import org.jspecify.annotations.Nullable;

/** The cookie that holds the session. It is always {@code HttpOnly} and {@code SameSite=Lax}. */
public record SessionCookie(
        @Doc("Its name. One that begins with __Host- is kept by browsers for exactly this host, and only over TLS.")
        @Default("__Host-session")
        String name,

        @Doc("The domain whose hosts all get it, for one login on several; by default this host alone does.") @Nullable
        String domain,

        @Doc("Only over TLS. Turn it off for trials without TLS alone, with a name that does not begin with __.")
        @Default("true")
        boolean secure) {

    static final SessionCookie DEFAULT = new SessionCookie("__Host-session", null, true);

    public SessionCookie {
        try {
            Headers.of(name, "");
        } catch (IllegalArgumentException notAName) {
            throw new ConfigException("name", "'" + name + "' (expected: a name such as __Host-session)");
        }
        if (name.startsWith("__Host-") && domain != null) {
            throw new ConfigException(
                    "name", name + " (expected: one that begins with __Secure-, since a domain is given)");
        }
        if (name.startsWith("__") && !secure) {
            throw new ConfigException(
                    "name",
                    name + " (expected: one such as session: browsers refuse __Host- and __Secure- without TLS)");
        }
    }
}
