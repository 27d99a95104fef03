package dev.sallyport.plugins.console;

import dev.sallyport.testgateway.TestGateway;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the page does, as far as the gateway sees it: holds a token in memory, and has a cookie kept. */
final class Browser implements AutoCloseable {

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(task -> Thread.ofVirtual().start(task))
            .build();
    private final URI console;
    private @Nullable String cookie;
    private @Nullable String token;

    Browser(TestGateway gateway) {
        console = gateway.adminAddress().resolve("/console/");
    }

    static Browser loggedIn(TestGateway gateway) {
        Browser browser = new Browser(gateway);
        HttpResponse<String> answer = browser.login(gateway.adminToken());
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.body());
        }
        return browser;
    }

    HttpResponse<String> login(String with) {
        return session("POST", "session", "{\"token\":\"" + with + "\"}");
    }

    HttpResponse<String> renew() {
        return session("POST", "session/renew", null);
    }

    HttpResponse<String> logout() {
        return session("DELETE", "session", null);
    }

    private HttpResponse<String> session(String method, String path, @Nullable String json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(console.resolve(path))
                .header("origin", console.getScheme() + "://" + console.getAuthority())
                .header("x-sallyport-console", "1");
        if (cookie != null) {
            request.header("cookie", cookie);
        }
        if (json != null) {
            request.header("content-type", "application/json");
        }
        HttpResponse<String> answer =
                send(request.method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
                        .build());
        answer.headers().firstValue("set-cookie").ifPresent(given -> cookie = given.replaceFirst(";.*", ""));
        if (answer.statusCode() == 200 && !method.equals("DELETE")) {
            token = json(answer).get("token").asString();
        }
        return answer;
    }

    String token() {
        return String.valueOf(token);
    }

    /** With the token, a path of the console or of the API. */
    HttpResponse<String> get(String path) {
        return send(request(path).build());
    }

    JsonNode json(String path) {
        HttpResponse<String> answer = get(path);
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return json(answer);
    }

    static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(console.resolve(path));
        return token == null ? request : request.header("authorization", "Bearer " + token);
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(request.uri() + ": " + e, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends JSON with the token. */
    HttpResponse<String> send(String method, String path, String json) {
        return send(request(path)
                .header("content-type", "application/json")
                .method(method, BodyPublishers.ofString(json))
                .build());
    }

    /** Begins to follow the live figures. */
    InputStream live() throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = client.send(request("api/live").build(), BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode());
        }
        return answer.body();
    }

    @Override
    public void close() {
        client.shutdownNow(); // streams may be open
        client.close();
    }
}
