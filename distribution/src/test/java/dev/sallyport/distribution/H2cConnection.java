package dev.sallyport.distribution;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.Callback;

/** One connection of Jetty's HTTP/2 client, with prior knowledge; it is never renewed. */
final class H2cConnection implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final HTTP2Client client = new HTTP2Client();
    private final Session session;
    private final URI address;
    private final CompletableFuture<GoAwayFrame> goAway = new CompletableFuture<>();

    H2cConnection(URI address) throws Exception {
        this.address = address;
        client.setIdleTimeout(0);
        client.start();
        session = client.connect(new InetSocketAddress(address.getHost(), address.getPort()), new Session.Listener() {
                    @Override
                    public void onGoAway(Session from, GoAwayFrame frame) {
                        goAway.complete(frame);
                    }
                })
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Its own end. */
    SocketAddress localAddress() {
        return session.getLocalSocketAddress();
    }

    boolean isOpen() {
        return !session.isClosed();
    }

    /** Waits for the gateway's wish to end it. */
    GoAwayFrame awaitGoAway() throws Exception {
        return goAway.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Sends a request without a body. */
    Answer get(String path) throws Exception {
        MetaData.Request request =
                new MetaData.Request("GET", HttpURI.from(address + path), HttpVersion.HTTP_2, HttpFields.EMPTY);
        Answer answer = new Answer();
        session.newStream(new HeadersFrame(request, null, true), answer).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return answer;
    }

    /** What comes on one stream. */
    static final class Answer implements Stream.Listener {

        private final CompletableFuture<MetaData.Response> head = new CompletableFuture<>();
        private final CompletableFuture<String> end = new CompletableFuture<>();
        private final StringBuffer text = new StringBuffer();
        private volatile HttpFields trailers = HttpFields.EMPTY;

        int status() throws Exception {
            return head().getStatus();
        }

        MetaData.Response head() throws Exception {
            return head.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        /** What of the body has come. */
        String text() {
            return text.toString();
        }

        boolean isOpen() {
            return !end.isDone();
        }

        /** How it ends: {@code end}, or {@code reset} and a code. */
        String awaitEnd() throws Exception {
            return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        HttpFields trailers() {
            return trailers;
        }

        @Override
        public void onHeaders(Stream stream, HeadersFrame frame) {
            if (frame.getMetaData() instanceof MetaData.Response response) {
                head.complete(response);
            } else {
                trailers = frame.getMetaData().getHttpFields();
            }
            if (frame.isEndStream()) {
                end.complete("end");
            } else {
                stream.demand();
            }
        }

        @Override
        public void onDataAvailable(Stream stream) {
            for (Stream.Data data = stream.readData(); data != null; data = stream.readData()) {
                text.append(StandardCharsets.UTF_8.decode(data.frame().getByteBuffer()));
                data.release();
                if (data.frame().isEndStream()) {
                    end.complete("end");
                    return;
                }
            }
            stream.demand();
        }

        @Override
        public void onReset(Stream stream, ResetFrame frame, Callback callback) {
            end.complete("reset " + frame.getError());
            callback.succeeded();
        }

        @Override
        public void onFailure(Stream stream, int error, String reason, Throwable failure, Callback callback) {
            end.complete("failure " + failure);
            callback.succeeded();
        }
    }

    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
