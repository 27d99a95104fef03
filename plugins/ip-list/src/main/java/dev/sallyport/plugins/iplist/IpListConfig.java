package dev.sallyport.plugins.iplist;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The settings of the step {@code ip-list}. */
public record IpListConfig(
        @Doc("Addresses and blocks that may pass; without it, all that are not denied.")
        List<Cidr> allow,

        @Doc("Addresses and blocks that may not pass; wins over allow.")
        List<Cidr> deny,

        @Doc("Lists that others keep, in files or on the network.")
        List<FeedConfig> feeds,

        @Doc("Countries, by a database of yours.") @Nullable CountriesConfig countries) {

    /** @throws ConfigException where nothing is listed */
    public IpListConfig {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        feeds = List.copyOf(feeds);
        if (allow.isEmpty() && deny.isEmpty() && feeds.isEmpty() && countries == null) {
            throw new ConfigException("", "no addresses (expected: allow, deny, feeds or countries)");
        }
        if (feeds.stream().map(FeedConfig::place).collect(Collectors.toSet()).size() < feeds.size()) {
            throw new ConfigException("feeds", "one twice (expected: each once)");
        }
    }
}
