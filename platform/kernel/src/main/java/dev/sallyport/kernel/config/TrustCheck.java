package dev.sallyport.kernel.config;

import dev.sallyport.marketplace.PublisherKey;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Rules of the key {@code trust} that its types do not say; commands that read it alone ask them too. */
final class TrustCheck {

    private final TrustConfig trust;
    private final Binding binding;

    TrustCheck(TrustConfig trust, Binding binding) {
        this.trust = trust;
        this.binding = binding;
    }

    void run() {
        Map<String, Place> names = new HashMap<>();
        Map<PublisherKey, String> keys = new HashMap<>();
        for (TrustConfig.PublisherConfig publisher : trust.publishers()) {
            binding.once("publisher", publisher.name(), publisher.place(), names);
            for (int i = 0; i < publisher.keys().size(); i++) {
                String first = keys.putIfAbsent(publisher.keys().get(i), "the publisher " + publisher.name());
                if (first != null) {
                    binding.refuse(
                            publisher.place(),
                            "keys[" + i + "]",
                            publisher.keys().get(i),
                            " (expected: each key once; " + first + " has it); remove one of the two");
                }
            }
            // Without a key one is asked for already.
            if (publisher.threshold() > Math.max(1, publisher.keys().size())) {
                binding.refuse(
                        publisher.place(),
                        "threshold",
                        publisher.threshold(),
                        " (expected: at most " + publisher.keys().size()
                                + ", as many as there are keys); lower it, or add a key");
            }
        }
        marketplaces();
    }

    private void marketplaces() {
        Map<String, Place> names = new HashMap<>();
        for (TrustConfig.MarketplaceConfig market : trust.marketplaces()) {
            binding.once("marketplace", market.name(), market.place(), names);
            if (!market.name().matches("[A-Za-z0-9][A-Za-z0-9._-]{0,98}")) {
                binding.refuse(
                        market.place(),
                        "name",
                        market.name(),
                        " (expected: letters, digits, '.', '_' and '-'); write the name that its index has");
            }
            user(market, "url", market.url());
            if (market.threshold() > Math.max(1, market.keys().size())) {
                binding.refuse(
                        market.place(),
                        "threshold",
                        market.threshold(),
                        " (expected: at most " + market.keys().size()
                                + ", as many as there are keys); lower it, or add a key");
            }
            String scheme = market.url().contains("://")
                    ? market.url().substring(0, market.url().indexOf("://"))
                    : "file";
            if (!Set.of("http", "https", "file").contains(scheme)
                    && !TrustConfig.MarketplaceConfig.namesUser(market.url())) {
                binding.refuse(
                        market.place(),
                        "url",
                        market.url(),
                        " (expected: an https URL, one of http, or a path); write one of these");
            }
            URI proxy = market.proxy();
            user(market, "proxy", proxy == null ? "" : proxy.toString());
            if (proxy != null
                    && !TrustConfig.MarketplaceConfig.namesUser(proxy.toString())
                    && (!"http".equals(proxy.getScheme()) || proxy.getHost() == null || proxy.getPort() < 0)) {
                binding.refuse(
                        market.place(),
                        "proxy",
                        proxy,
                        " (expected: a URL such as http://proxy.example.com:3128); write host and port");
            }
        }
    }

    /** Not shown: the password may be in it. */
    private void user(TrustConfig.MarketplaceConfig market, String key, String url) {
        if (TrustConfig.MarketplaceConfig.namesUser(url)) {
            ConfigNode written = binding.sources().node(market.place(), key);
            binding.error(
                    written == null ? market.place() : written.place(),
                    Sources.join(binding.sources().key(market.place()), key),
                    "a URL with a user or a password (expected: one without); leave them out");
        }
    }
}
