package dev.sallyport.plugins.kubernetes;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The settings of the service {@code kubernetes}; in a pod nothing need be set. */
public record KubernetesConfig(
        @Doc("The API server; in a pod the one of its cluster.") @Nullable
        URI url,

        @Doc("A file with the bearer token; in a pod that of its service account.") @Nullable
        Path token,

        @Doc("A file with the certificates by which the API server is known; in a pod those of its cluster.") @Nullable
        Path ca,

        @Doc("The namespace of services that are named without one; in a pod its own, else default.") @Nullable
        String namespace) {

    public KubernetesConfig {
        if (url != null) {
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (!web || url.getHost() == null) {
                throw new ConfigException("url", url + " (expected: a URL such as https://10.0.0.1:6443)");
            }
        }
    }
}
