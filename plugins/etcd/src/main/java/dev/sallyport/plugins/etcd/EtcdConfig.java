package dev.sallyport.plugins.etcd;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Secret;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings of the service {@code etcd}. */
public record EtcdConfig(
        @Doc("The client URLs of the cluster's members; one is asked, the next where that fails.") @Min(1)
        List<URI> endpoints,

        @Doc("What the keys of all services begin with.") @Default("/services/")
        String prefix,

        @Doc("A user of etcd, where it asks for one.") @Nullable
        String user,

        @Doc("That user's password.") @Nullable Secret password) {

    public EtcdConfig {
        for (int i = 0; i < endpoints.size(); i++) {
            URI endpoint = endpoints.get(i);
            boolean web = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
            if (!web || endpoint.getHost() == null || !endpoint.getPath().isEmpty()) {
                throw new ConfigException(
                        "endpoints[" + i + "]", endpoint + " (expected: a URL such as http://127.0.0.1:2379)");
            }
        }
        if (!prefix.endsWith("/")) {
            throw new ConfigException("prefix", prefix + " (expected: a / at its end); write " + prefix + "/");
        }
        if ((user == null) != (password == null)) {
            throw new ConfigException(
                    user == null ? "password" : "user", "alone (expected: user and password); add the other");
        }
    }
}
