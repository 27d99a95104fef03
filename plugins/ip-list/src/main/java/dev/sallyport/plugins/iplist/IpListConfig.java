package dev.sallyport.plugins.iplist;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.util.List;

/**
 * The settings of the step {@code ip-list}.
 *
 * @param allow who may pass; empty: everybody who is not denied
 * @param deny who may not, also where {@code allow} names them
 */
public record IpListConfig(
        @Doc("Addresses and blocks that may pass; without it, all that are not denied.")
        List<Cidr> allow,

        @Doc("Addresses and blocks that may not pass; wins over allow.")
        List<Cidr> deny) {

    /** @throws ConfigException where both are empty */
    public IpListConfig {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        if (allow.isEmpty() && deny.isEmpty()) {
            throw new ConfigException("", "no addresses (expected: allow, deny or both)");
        }
    }
}
