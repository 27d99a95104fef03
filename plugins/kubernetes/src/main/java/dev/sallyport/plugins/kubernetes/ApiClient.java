package dev.sallyport.plugins.kubernetes;

import dev.sallyport.api.ServiceContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The few calls of the API server that are needed here: a list of EndpointSlices, and the changes since. Thread-safe. */
final class ApiClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** How long a watch stays open: the server ends it then, and a connection that died unseen is given up soon after. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final HttpClient http;
    private final ServiceContext context;

    ApiClient(Cluster cluster, HttpClient http, ServiceContext context) {
        this.cluster = cluster;
        this.http = http;
        this.context = context;
    }

    /** The slices of a service. */
    JsonNode list(String namespace, String service) throws IOException, InterruptedException {
        try (InputStream in = get(slices(namespace, service, "")).body()) {
            return JsonMapper.shared().readTree(in.readAllBytes());
        }
    }

    /**
     * Follows changes until the server ends that.
     *
     * @param events takes each; false where no more are wanted
     */
    void watch(String namespace, String service, String resourceVersion, Predicate<JsonNode> events)
            throws IOException, InterruptedException {
        URI uri = slices(
                namespace,
                service,
                "&watch=true&allowWatchBookmarks=true&timeoutSeconds=" + LONGEST.toSeconds() + "&resourceVersion="
                        + encoded(resourceVersion));
        AtomicBoolean over = new AtomicBoolean();
        try (InputStream stream = get(uri).body();
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            ScheduledFuture<?> end = context.scheduler()
                    .schedule(() -> end(stream, over), LONGEST.plus(GRACE).toSeconds(), TimeUnit.SECONDS);
            try {
                String line = lines.readLine();
                while (line != null && events.test(JsonMapper.shared().readTree(line))) {
                    line = lines.readLine();
                }
            } catch (IOException e) {
                if (!over.get()) {
                    throw e;
                }
            } finally {
                end.cancel(false);
            }
        }
    }

    private static void end(InputStream stream, AtomicBoolean over) {
        over.set(true);
        try {
            stream.close();
        } catch (IOException e) {
            // it is over anyway
        }
    }

    private URI slices(String namespace, String service, String more) {
        String base = cluster.url().toString().replaceAll("/$", "");
        return URI.create(base + "/apis/discovery.k8s.io/v1/namespaces/" + encoded(namespace)
                + "/endpointslices?labelSelector=" + encoded("kubernetes.io/service-name=" + service) + more);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HttpResponse<InputStream> get(URI uri) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(TIMEOUT)
                .header("accept", "application/json");
        if (cluster.token() != null) {
            request.header(
                    "authorization",
                    "Bearer " + Files.readString(cluster.token()).strip());
        }
        HttpResponse<InputStream> response;
        try {
            response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new IOException(cluster.url() + " cannot be reached: " + e, e);
        }
        if (response.statusCode() != 200) {
            try (InputStream in = response.body()) {
                throw new IOException(cluster.url() + " answers " + response.statusCode() + ": "
                        + message(new String(in.readNBytes(2000), StandardCharsets.UTF_8)));
            }
        }
        return response;
    }

    private static String message(String body) {
        try {
            return JsonMapper.shared().readTree(body).path("message").asString(body);
        } catch (RuntimeException e) {
            return body.strip().replaceAll("\\s+", " ");
        }
    }
}
