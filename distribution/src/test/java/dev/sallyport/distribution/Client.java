package dev.sallyport.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The JDK's client, pointed at one address. */
final class Client {

    static {
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,connection,expect");
    }

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final URI base;
    private final List<String> headers;

    Client(URI base) {
        this(base, List.of());
    }

    private Client(URI base, List<String> headers) {
        this.base = base;
        this.headers = headers;
    }

    /** This client with a header on all requests. */
    Client with(String name, String value) {
        List<String> more = new ArrayList<>(headers);
        more.add(name);
        more.add(value);
        return new Client(base, more);
    }

    HttpResponse<String> get(String path, String... more) {
        return send("GET", path, BodyPublishers.noBody(), more);
    }

    HttpResponse<String> post(String path, String body, String... more) {
        return send("POST", path, BodyPublishers.ofString(body), more);
    }

    /** The status of a GET. */
    int status(String path, String... more) {
        return get(path, more).statusCode();
    }

    HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body, String... more) {
        return send(request(path, more).method(method, body).build(), BodyHandlers.ofString());
    }

    HttpRequest.Builder request(String path, String... more) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(60));
        for (int i = 0; i < headers.size(); i += 2) {
            request.header(headers.get(i), headers.get(i + 1));
        }
        for (int i = 0; i < more.length; i += 2) {
            request.header(more[i], more[i + 1]);
        }
        return request;
    }

    static <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return HTTP.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(request + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
