package dev.sallyport.plugins.kubernetes;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.DiscoveryFactory;
import dev.sallyport.api.ServiceContext;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.net.http.HttpClient;
import java.nio.file.Path;

/** Offers the service {@code kubernetes}. */
@Type("kubernetes")
@Doc("Finds targets in Kubernetes: the pods of services, by their EndpointSlices.")
public final class KubernetesFactory implements DiscoveryFactory<KubernetesConfig> {

    @Override
    public Discovery create(KubernetesConfig config, ServiceContext context) {
        Cluster cluster = Cluster.of(config, System.getenv(), Path.of(Cluster.SERVICE_ACCOUNT));
        HttpClient http = cluster.ca() == null ? context.http() : context.onClose(client(cluster.ca(), context));
        return new KubernetesDiscovery(new ApiClient(cluster, http, context), cluster.namespace());
    }

    private static HttpClient client(Path ca, ServiceContext context) {
        try {
            return HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .executor(context.threads())
                    .sslContext(Certificates.trusting(ca))
                    .build();
        } catch (Exception e) {
            throw new ConfigException("ca", ca + " cannot be used: " + e.getMessage());
        }
    }
}
