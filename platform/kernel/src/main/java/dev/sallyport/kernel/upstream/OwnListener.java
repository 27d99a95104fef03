package dev.sallyport.kernel.upstream;

import dev.sallyport.kernel.config.Address;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * A listener of this process as a client on this machine sees it, for a request by way of trial. A client is made for
 * each: a test is seldom, and leaves no connection.
 *
 * @param address of the listener; not a Unix socket
 * @param tls whether it speaks TLS
 */
public record OwnListener(Address address, boolean tls) {

    private static final long PATIENCE_SECONDS = 20;

    /**
     * What came back.
     *
     * @param fields with names in lower case
     * @param body as UTF-8, no more of it than was wanted
     * @param cut whether there was more
     * @param broken why the body ended early; null where it did not
     */
    public record Answered(
            int status,
            List<Map.Entry<String, String>> fields,
            String body,
            boolean cut,
            @Nullable String broken) {}

    /**
     * Sends a request and waits for the response, for 20 seconds at most.
     *
     * @param target as it stands in the request line
     * @param most how many bytes of the response's body are wanted
     * @throws IOException where none came
     */
    public Answered send(String method, String target, List<Map.Entry<String, String>> fields, byte[] body, int most)
            throws IOException, InterruptedException {
        HttpClient http = started();
        try {
            Request request = http.newRequest(host(), address.port())
                    .scheme(tls ? "https" : "http")
                    .method(method)
                    .path(target)
                    .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .headers(headers -> fields.forEach(field -> headers.add(field.getKey(), field.getValue())));
            if (body.length > 0) {
                request.body(new BytesRequestContent(body));
            }
            InputStreamResponseListener listener = new InputStreamResponseListener();
            request.send(listener);
            return answered(listener.get(PATIENCE_SECONDS, TimeUnit.SECONDS), listener, most);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(String.valueOf(e.getCause() == null ? e : e.getCause()), e);
        } finally {
            stop(http);
        }
    }

    private HttpClient started() throws IOException {
        ClientConnector connector = new ClientConnector();
        if (tls) {
            connector.setSslContextFactory(new Self());
        }
        HttpClient http = new HttpClient(new HttpClientTransportOverHTTP(connector));
        http.setFollowRedirects(false);
        http.setUserAgentField(null);
        http.setHttpCookieStore(new HttpCookieStore.Empty());
        try {
            http.start();
        } catch (Exception e) {
            throw new IOException("no client could be started: " + e, e);
        }
        http.getContentDecoderFactories().clear(); // what came is shown as it came; its start sets some
        return http;
    }

    private static void stop(HttpClient http) {
        try {
            http.stop();
        } catch (Exception e) {
            System.getLogger("admin").log(System.Logger.Level.DEBUG, "the client of a test request did not stop", e);
        }
    }

    /** As much of the body as is wanted; what may be endless is left then. */
    private static Answered answered(Response response, InputStreamResponseListener listener, int most) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        response.getHeaders().forEach(field -> fields.add(Map.entry(field.getLowerCaseName(), field.getValue())));
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        String broken = null;
        boolean cut;
        try (InputStream body = listener.getInputStream()) {
            shown.writeBytes(body.readNBytes(most));
            cut = body.read() >= 0;
        } catch (IOException e) {
            broken = String.valueOf(e.getMessage());
            cut = true;
        }
        return new Answered(response.getStatus(), fields, shown.toString(StandardCharsets.UTF_8), cut, broken);
    }

    private String host() {
        return switch (address.host()) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            case String other -> other;
        };
    }

    /** The other end is this process: whose certificate it shows is known, so that nothing is to be warned of. */
    private static final class Self extends SslContextFactory.Client {

        Self() {
            super(true);
        }

        @Override
        protected void checkTrustAll() {}

        @Override
        protected void checkEndPointIdentificationAlgorithm() {}
    }
}
