package dev.sallyport.plugins.etcd;

import dev.sallyport.api.Json;
import dev.sallyport.api.ServiceContext;
import dev.sallyport.api.config.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One member of a cluster, by the JSON form of etcd's API, version 3. For one watch. */
final class EtcdClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** How long one watch stays open: a connection that died unseen is found no later than that. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final ServiceContext context;
    private final URI member;
    private @Nullable String token;

    EtcdClient(ServiceContext context, URI member) {
        this.context = context;
        this.member = member;
    }

    /** Begins with a token, where there is a user. */
    void authenticate(@Nullable String user, @Nullable Secret password) throws IOException, InterruptedException {
        if (user != null && password != null) {
            token = post("/v3/auth/authenticate", Map.of("name", user, "password", password.value()))
                    .path("token")
                    .asString("");
        }
    }

    /** All keys that begin so. */
    JsonNode range(String prefix) throws IOException, InterruptedException {
        return post("/v3/kv/range", keys(prefix));
    }

    /**
     * Follows the changes of all keys that begin so. Returns where it has lasted long enough, or where etcd has compacted
     * the revisions away: then all is to be read again.
     */
    void watch(String prefix, long revision, Consumer<JsonNode> events) throws IOException, InterruptedException {
        Map<String, Object> create = keys(prefix);
        create.put("start_revision", Long.toString(revision));
        HttpResponse<InputStream> response = send("/v3/watch", Map.of("create_request", create));
        AtomicBoolean over = new AtomicBoolean();
        try (InputStream stream = response.body();
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            ScheduledFuture<?> end =
                    context.scheduler().schedule(() -> end(stream, over), LONGEST.toSeconds(), TimeUnit.SECONDS);
            try {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    JsonNode result = result(line);
                    if (result.path("canceled").asBoolean(false)) {
                        return;
                    }
                    if (!result.path("events").isEmpty()) {
                        events.accept(result.path("events"));
                    }
                }
                throw new IOException(member + " has ended the watch");
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

    private JsonNode result(String line) throws IOException {
        JsonNode json = JsonMapper.shared().readTree(line);
        if (json.has("error")) {
            throw new IOException(member + " answers: "
                    + brief(json.path("error").path("message").asString(line)));
        }
        return json.path("result");
    }

    private JsonNode post(String path, Map<String, ?> body) throws IOException, InterruptedException {
        try (InputStream in = send(path, body).body()) {
            return JsonMapper.shared().readTree(in.readAllBytes());
        }
    }

    private HttpResponse<InputStream> send(String path, Map<String, ?> body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(member.resolve(path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(TIMEOUT)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)));
        if (token != null) {
            request.header("authorization", token);
        }
        HttpResponse<InputStream> response;
        try {
            response = context.http().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new IOException(member + " cannot be reached: " + e, e);
        }
        if (response.statusCode() != 200) {
            try (InputStream in = response.body()) {
                throw new IOException(member + " answers " + response.statusCode() + ": "
                        + brief(new String(in.readNBytes(500), StandardCharsets.UTF_8)));
            }
        }
        return response;
    }

    private static String brief(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private static Map<String, Object> keys(String prefix) {
        byte[] first = prefix.getBytes(StandardCharsets.UTF_8);
        byte[] end = first.clone();
        end[end.length - 1]++; // it ends with a slash, so there is a next one
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("key", Base64.getEncoder().encodeToString(first));
        keys.put("range_end", Base64.getEncoder().encodeToString(end));
        return keys;
    }

    /** A key or a value. */
    static String text(JsonNode base64) {
        return new String(Base64.getDecoder().decode(base64.asString("")), StandardCharsets.UTF_8);
    }
}
