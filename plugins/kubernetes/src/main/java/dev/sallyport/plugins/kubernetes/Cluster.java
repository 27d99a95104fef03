package dev.sallyport.plugins.kubernetes;

import dev.sallyport.api.config.ConfigException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the API server is and how it is talked to.
 *
 * @param token the file with the bearer token, read anew for each call, since it is replaced all the time; null for none
 * @param ca the file with the certificates that are trusted; null for those of the Java runtime
 */
record Cluster(URI url, @Nullable Path token, @Nullable Path ca, String namespace) {

    /** Where a pod finds these files. */
    static final String SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

    /**
     * What the settings say, and where they say nothing what a pod knows.
     *
     * @throws ConfigException where neither says where the API server is
     */
    static Cluster of(KubernetesConfig config, Map<String, String> environment, Path account) {
        Path token = config.token();
        Path ca = config.ca();
        URI url = config.url();
        if (url == null) {
            String host = environment.get("KUBERNETES_SERVICE_HOST");
            if (host == null) {
                throw new ConfigException(
                        "url", "missing, and this is no pod (expected: the API server's URL); add url: …");
            }
            String authority = host.indexOf(':') < 0 ? host : "[" + host + "]";
            url = URI.create("https://" + authority + ":" + environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443"));
            token = token == null ? account.resolve("token") : token;
            ca = ca == null ? account.resolve("ca.crt") : ca;
        }
        return new Cluster(url, token, ca, namespace(config, account.resolve("namespace")));
    }

    private static String namespace(KubernetesConfig config, Path file) {
        if (config.namespace() != null) {
            return config.namespace();
        }
        try {
            return config.url() == null && Files.exists(file)
                    ? Files.readString(file).strip()
                    : "default";
        } catch (IOException e) {
            throw new ConfigException("namespace", "not given, and " + file + " cannot be read: " + e.getMessage());
        }
    }
}
