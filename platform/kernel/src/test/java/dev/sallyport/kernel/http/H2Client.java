package dev.sallyport.kernel.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** One connection over HTTP/2, which sends what other clients do not let one send. */
final class H2Client implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 30;

    private final HTTP2Client client = new HTTP2Client();
    private final Session session;

    /** With prior knowledge, in clear text. */
    H2Client(int port) throws Exception {
        client.start();
        session = client.connect(new InetSocketAddress("127.0.0.1", port), new Session.Listener() {})
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Over TLS; the name is what it asks for by SNI. */
    H2Client(int port, SSLContext context, String name) throws Exception {
        SslContextFactory.Client tls = new SslContextFactory.Client();
        tls.setSslContext(context);
        tls.setEndpointIdentificationAlgorithm(null);
        tls.setSNIProvider((engine, names) -> List.of(new SNIHostName(name)));
        tls.start();
        client.start();
        session = client.connect(tls, new InetSocketAddress("127.0.0.1", port), new Session.Listener() {})
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Sends a GET for any host over TLS; the status and the body of its answer. */
    String get(String authority, String path) throws Exception {
        return ask("GET", "https://" + authority + path, HttpFields.EMPTY, null);
    }

    /** Sends a request with that expectation and body in clear text; the status and the body of its answer. */
    String post(String expectation, String body) throws Exception {
        return ask("POST", "http://127.0.0.1/", HttpFields.build().add("expect", expectation), body);
    }

    private String ask(String method, String uri, HttpFields fields, @Nullable String body) throws Exception {
        MetaData.Request request = new MetaData.Request(method, HttpURI.from(uri), HttpVersion.HTTP_2, fields);
        CompletableFuture<String> answer = new CompletableFuture<>();
        Stream stream = session.newStream(new HeadersFrame(request, null, body == null), new Answering(answer))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (body != null) {
            stream.data(new DataFrame(stream.getId(), UTF_8.encode(body), true));
        }
        return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    boolean isClosed() {
        return session.isClosed();
    }

    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static final class Answering implements Stream.Listener {

        private final CompletableFuture<String> answer;
        private final StringBuilder text = new StringBuilder();

        Answering(CompletableFuture<String> answer) {
            this.answer = answer;
        }

        @Override
        public void onHeaders(Stream stream, HeadersFrame frame) {
            if (frame.getMetaData() instanceof MetaData.Response response && response.getStatus() >= 200) {
                text.append(response.getStatus()).append(' ');
            }
            if (frame.isEndStream()) {
                answer.complete(text.toString());
            } else {
                stream.demand();
            }
        }

        @Override
        public void onDataAvailable(Stream stream) {
            for (Stream.Data data = stream.readData(); data != null; data = stream.readData()) {
                text.append(UTF_8.decode(data.frame().getByteBuffer()));
                data.release();
                if (data.frame().isEndStream()) {
                    answer.complete(text.toString());
                    return;
                }
            }
            stream.demand();
        }
    }
}
