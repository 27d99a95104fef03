package dev.sallyport.oauth;

import java.net.URI;

/** What is asked of the provider's URLs. */
public final class Urls {

    private Urls() {}

    /** Whether something can be asked there. */
    public static boolean isHttp(URI url) {
        return ("https".equals(url.getScheme()) || "http".equals(url.getScheme())) && url.getHost() != null;
    }

    /** Whether a provider's metadata can be found from it. */
    public static boolean isIssuer(String issuer) {
        try {
            URI uri = URI.create(issuer);
            return isHttp(uri) && uri.getRawQuery() == null && uri.getRawFragment() == null;
        } catch (IllegalArgumentException notAUri) {
            return false;
        }
    }

    /** OpenID Connect Discovery 1.0 §4: the well-known path after the issuer, less a slash at its end. */
    public static URI metadata(String issuer) {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return URI.create(base + "/.well-known/openid-configuration");
    }

    /** Whether one that was told over TLS is itself without. */
    public static boolean isDowngrade(URI from, URI to) {
        return "https".equals(from.getScheme()) && !"https".equals(to.getScheme());
    }
}
