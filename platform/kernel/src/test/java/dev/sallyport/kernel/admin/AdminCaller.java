package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.Gateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the admin API of a gateway that runs in a test. */
final class AdminCaller {

    private final Gateway gateway;
    private final String token;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private AdminCaller(Gateway gateway, String token) {
        this.gateway = gateway;
        this.token = token;
    }

    /** With the token that the gateway made. */
    static AdminCaller of(Gateway gateway, Path home) {
        try {
            return new AdminCaller(
                    gateway, Files.readString(home.resolve("data/admin.token")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    AdminCaller as(String other) {
        return new AdminCaller(gateway, other);
    }

    /** An answer: its status, its body as JSON. */
    record Told(int status, JsonNode json, HttpResponse<String> response) {

        String detail() {
            return json.path("detail").asString("");
        }

        String type() {
            return json.path("type").asString("").replace("urn:sallyport:problem:", "");
        }
    }

    Told get(String path) {
        return send("GET", path, HttpRequest.BodyPublishers.noBody());
    }

    Told post(String path, String... headers) {
        return send("POST", path, HttpRequest.BodyPublishers.noBody(), headers);
    }

    Told postJson(String path, String json) {
        return send("POST", path, HttpRequest.BodyPublishers.ofString(json), "content-type", "application/json");
    }

    Told delete(String path, String... headers) {
        return send("DELETE", path, HttpRequest.BodyPublishers.noBody(), headers);
    }

    Told put(String path, byte[] jar, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "content-type";
        all[1] = "application/java-archive";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return send("PUT", path, HttpRequest.BodyPublishers.ofByteArray(jar), all);
    }

    Told send(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + gateway.adminAddress() + path))
                .timeout(Duration.ofSeconds(60))
                .header("authorization", "Bearer " + token)
                .method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            String text = response.body();
            return new Told(
                    response.statusCode(), JsonMapper.shared().readTree(text.isEmpty() ? "null" : text), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
