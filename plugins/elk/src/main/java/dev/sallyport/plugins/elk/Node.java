package dev.sallyport.plugins.elk;

import co.elastic.clients.elasticsearch.core.BulkRequest;
import co.elastic.clients.elasticsearch.core.BulkResponse;
import co.elastic.clients.json.SimpleJsonpMapper;
import co.elastic.clients.transport.instrumentation.NoopInstrumentation;
import co.elastic.clients.transport.rest5_client.Rest5ClientTransport;
import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Response;
import co.elastic.clients.transport.rest5_client.low_level.ResponseException;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import co.elastic.clients.transport.rest5_client.low_level.Rest5ClientBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicHeader;
import org.eclipse.parsson.JsonProviderImpl;
import org.jspecify.annotations.Nullable;

/**
 * One server of Elasticsearch. The client tries nothing again by itself, neither here nor at another server: what became of a
 * request must stay known. Thread-safe.
 */
final class Node implements AutoCloseable {

    private static final JsonProvider JSON = new JsonProviderImpl();
    private static final int MOST_CONNECTIONS = 2;

    private final URI address;
    private final Rest5Client client;
    private final Rest5ClientTransport transport;

    /**
     * An answer of any status.
     *
     * @param status the status code
     * @param body the JSON object; an empty one where it is none
     */
    record Answer(int status, JsonObject body) {

        boolean isOk() {
            return status >= 200 && status < 300;
        }

        /** The server's words for what is wrong. */
        String reason() {
            JsonValue error = body.get("error");
            return status + (error == null ? "" : " " + Texts.shortened(error.toString()));
        }
    }

    /**
     * A server.
     *
     * @param authorization the header's value; null for none
     * @param timeout how long an answer, and a connection, may take
     */
    Node(URI address, @Nullable String authorization, @Nullable SSLContext tls, Duration timeout, boolean compress) {
        this.address = address;
        Rest5ClientBuilder builder = Rest5Client.builder(address)
                .setMetaHeaderEnabled(false)
                .setCompressionEnabled(compress)
                .setHttpClientConfigCallback(http -> http.disableAutomaticRetries()
                        .disableCookieManagement()
                        .disableRedirectHandling()
                        .disableAuthCaching())
                .setRequestConfigCallback(
                        request -> request.setResponseTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS))
                .setConnectionConfigCallback(connection -> connection
                        .setConnectTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .setSocketTimeout((int) timeout.toMillis(), TimeUnit.MILLISECONDS))
                .setConnectionManagerCallback(
                        pool -> pool.setMaxConnPerRoute(MOST_CONNECTIONS).setMaxConnTotal(MOST_CONNECTIONS));
        if (authorization != null) {
            builder.setDefaultHeaders(new Header[] {new BasicHeader("Authorization", authorization)});
        }
        if (tls != null) {
            builder.setSSLContext(tls);
        }
        client = builder.build();
        transport = new Rest5ClientTransport(client, new SimpleJsonpMapper(), null, NoopInstrumentation.INSTANCE);
    }

    /** Where it is. */
    URI address() {
        return address;
    }

    /**
     * Sends many documents.
     *
     * @throws IOException where there was no answer, or one of failure
     */
    BulkResponse bulk(BulkRequest request) throws IOException {
        return transport.performRequest(request, BulkRequest._ENDPOINT, null);
    }

    /**
     * Sends any other request.
     *
     * @param json the body; null for none
     * @throws IOException where there was no answer
     */
    Answer request(String method, String path, @Nullable String json) throws IOException {
        Request request = new Request(method, path);
        if (json != null) {
            request.setJsonEntity(json);
        }
        try {
            return answer(client.performRequest(request));
        } catch (ResponseException e) {
            return answer(e.getResponse());
        }
    }

    private static Answer answer(Response response) throws IOException {
        JsonObject body = JsonValue.EMPTY_JSON_OBJECT;
        if (response.getEntity() != null) {
            try {
                String text = EntityUtils.toString(response.getEntity());
                if (text != null && text.startsWith("{")) {
                    body = parse(text);
                }
            } catch (ParseException e) {
                throw new IOException(e);
            }
        }
        return new Answer(response.getStatusCode(), body);
    }

    /**
     * Reads a JSON object.
     *
     * @throws IOException where it is none
     */
    static JsonObject parse(String text) throws IOException {
        try (var reader = JSON.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (RuntimeException e) {
            throw new IOException("an answer that is no JSON: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            transport.close();
            client.close();
        } catch (IOException e) {
            // it is given up in any case
        }
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
