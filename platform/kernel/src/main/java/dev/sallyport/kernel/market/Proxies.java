package dev.sallyport.kernel.market;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which proxy reaches an address: the one that is configured, else as {@code HTTPS_PROXY} and its like say. */
final class Proxies extends ProxySelector {

    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

    private final @Nullable URI configured;
    private final UnaryOperator<@Nullable String> environment;

    Proxies(@Nullable URI configured, UnaryOperator<@Nullable String> environment) {
        this.configured = configured;
        this.environment = environment;
    }

    /**
     * Looks at what the environment says.
     *
     * @param uri what is to be reached
     * @throws MarketException where the variable for it is no address of a proxy; its value may be a secret
     */
    void check(URI uri) throws MarketException {
        String name = "https".equals(uri.getScheme()) ? "https_proxy" : "http_proxy";
        String given = variable(name);
        if (configured != null || given == null || isExempt(uri.getHost().toLowerCase(Locale.ROOT))) {
            return;
        }
        URI proxy = parse(given);
        if (proxy == null || !"http".equalsIgnoreCase(proxy.getScheme()) || proxy.getHost() == null) {
            throw new MarketException("the environment variable " + name.toUpperCase(Locale.ROOT)
                    + ", or the same in lower case, names no proxy that can be used (expected: host and port, as in"
                    + " http://proxy.example.com:3128); mend it, or set proxy at the marketplace");
        }
    }

    private static @Nullable URI parse(String given) {
        try {
            return new URI(given.contains("://") ? given : "http://" + given);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    @Override
    public List<Proxy> select(URI uri) {
        if (configured != null) {
            return List.of(proxy(configured));
        }
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        String given = "https".equals(uri.getScheme()) ? variable("https_proxy") : variable("http_proxy");
        if (given == null || isExempt(host)) {
            return List.of(Proxy.NO_PROXY);
        }
        URI proxy = parse(given);
        return proxy == null || proxy.getHost() == null ? List.of(Proxy.NO_PROXY) : List.of(proxy(proxy));
    }

    private static Proxy proxy(URI uri) {
        int port = uri.getPort() < 0 ? 80 : uri.getPort();
        // Named, not resolved: an address may be known to the next machine alone.
        return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(uri.getHost(), port));
    }

    private boolean isExempt(String host) {
        String exempt = variable("no_proxy");
        if (exempt == null) {
            return false;
        }
        for (String each :
                SEPARATOR.splitAsStream(exempt.toLowerCase(Locale.ROOT)).toList()) {
            String suffix = each.startsWith("*.") ? each.substring(1) : each;
            boolean isDomain = !suffix.isEmpty() && host.endsWith(suffix.startsWith(".") ? suffix : "." + suffix);
            if (suffix.equals("*") || host.equals(suffix) || isDomain) {
                return true;
            }
        }
        return false;
    }

    private @Nullable String variable(String name) {
        String lower = environment.apply(name);
        String value = lower == null || lower.isBlank() ? environment.apply(name.toUpperCase(Locale.ROOT)) : lower;
        return value == null || value.isBlank() ? null : value.strip();
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {
        // The call fails, and says so.
    }
}
