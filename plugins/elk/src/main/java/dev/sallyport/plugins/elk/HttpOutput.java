package dev.sallyport.plugins.elk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends records as a JSON array by POST, as Logstash's input {@code http} takes them: 200 says that all of them are in its queue.
 * Records of a request without an answer are sent again; that they are in an index once is the ids' doing.
 */
final class HttpOutput implements Output {

    private final URI url;
    private final HttpClient client;
    private final HttpRequest.Builder request;

    HttpOutput(URI url, @Nullable String authorization, @Nullable SSLContext tls, Duration timeout) {
        this.url = url;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(timeout);
        client = (tls == null ? builder : builder.sslContext(tls)).build();
        request = HttpRequest.newBuilder(url).timeout(timeout).header("content-type", "application/json");
        if (authorization != null) {
            request.header("authorization", authorization);
        }
    }

    @Override
    public Outcome send(List<Entry> entries, @Nullable Doubt doubt) {
        Outcome outcome = new Outcome();
        send(entries, doubt != null, outcome);
        outcome.settleSuspects();
        return outcome;
    }

    private void send(List<Entry> entries, boolean perhapsDouble, Outcome outcome) {
        HttpResponse<String> response;
        try {
            response = client.send(
                    request.copy()
                            .POST(BodyPublishers.ofByteArray(array(entries)))
                            .build(),
                    BodyHandlers.ofString());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            outcome.again(entries, away(e));
            return;
        } catch (IOException | IllegalStateException e) {
            outcome.unknown(entries, away(e));
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome.unknown(entries, away(e));
            return;
        }
        int status = response.statusCode();
        String reason = url + ": " + status + " " + Texts.shortened(response.body());
        if (status >= 200 && status < 300) {
            outcome.arrived(entries.size());
            outcome.perhapsDouble(perhapsDouble ? entries.size() : 0);
        } else if (status == 400 || status == 413) {
            if (entries.size() == 1 && status == 413) {
                outcome.reject(entries.getFirst(), reason);
                return;
            }
            if (outcome.isHopeless()) {
                outcome.again(entries, new Trouble(Trouble.Kind.REFUSED, reason));
                return;
            }
            if (entries.size() == 1) {
                outcome.suspect(entries.getFirst(), reason);
                return;
            }
            send(entries.subList(0, entries.size() / 2), perhapsDouble, outcome);
            send(entries.subList(entries.size() / 2, entries.size()), perhapsDouble, outcome);
        } else if (status == 429 || status == 503) {
            outcome.again(entries, new Trouble(Trouble.Kind.BUSY, reason));
        } else if (status < 500) {
            outcome.again(entries, new Trouble(Trouble.Kind.REFUSED, reason));
        } else {
            outcome.unknown(entries, new Trouble(Trouble.Kind.AWAY, reason));
        }
    }

    private static byte[] array(List<Entry> entries) {
        ByteArrayOutputStream array = new ByteArrayOutputStream();
        array.write('[');
        for (Entry entry : entries) {
            if (array.size() > 1) {
                array.write(',');
            }
            array.writeBytes(entry.json());
        }
        array.write(']');
        return array.toByteArray();
    }

    private Trouble away(Exception e) {
        return new Trouble(Trouble.Kind.AWAY, url + ": " + Texts.shortened(e.toString()));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
