package dev.sallyport.kernel.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
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
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** One connection over HTTP/2 and TLS, on which requests for any host can be sent. */
final class H2Client implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 30;

    private final HTTP2Client client = new HTTP2Client();
    private final Session session;

    /** @param name what it asks for by SNI */
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

    /** Status and body of the answer to a GET. */
    String get(String authority, String path) throws Exception {
        MetaData.Request request = new MetaData.Request(
                "GET", HttpURI.from("https://" + authority + path), HttpVersion.HTTP_2, HttpFields.EMPTY);
        CompletableFuture<String> answer = new CompletableFuture<>();
        session.newStream(new HeadersFrame(request, null, true), new Answering(answer))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        try {
            client.stop();
        } catch (Exception e) {
            throw new IOException(e);
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
