package dev.sallyport.kernel.upstream;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.server.RawHTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;

/** A target that speaks HTTP/2 frame by frame. */
@SuppressWarnings("try") // stopping Jetty may be interrupted
final class Http2Peer implements AutoCloseable {

    /** Serves one stream, on a thread of its own; requests without a body have ended when it begins. */
    @FunctionalInterface
    interface Script {
        void serve(Line line) throws Exception;
    }

    private final Server server = new Server(new VirtualThreadPool(0));
    private final ServerConnector connector;
    private final String scheme;
    private final AtomicInteger accepted = new AtomicInteger();
    final List<Integer> resets = new CopyOnWriteArrayList<>();

    Http2Peer(Script script) throws Exception {
        this(null, script);
    }

    /** @param tls with which it speaks h2; null for h2c */
    Http2Peer(@Nullable SSLContext tls, Script script) throws Exception {
        RawHTTP2ServerConnectionFactory http2 =
                new RawHTTP2ServerConnectionFactory(new HttpConfiguration(), new Streams(script)) {};
        http2.setConnectProtocolEnabled(true);
        if (tls == null) {
            connector = new ServerConnector(server, http2);
        } else {
            SslContextFactory.Server context = new SslContextFactory.Server();
            context.setSslContext(tls);
            ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory("h2");
            alpn.setDefaultProtocol("h2");
            connector = new ServerConnector(server, new SslConnectionFactory(context, alpn.getProtocol()), alpn, http2);
        }
        scheme = tls == null ? "http" : "https";
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.start();
    }

    URI uri() {
        return URI.create(scheme + "://localhost:" + connector.getLocalPort());
    }

    /** How many connections were made to it. */
    int accepted() {
        return accepted.get();
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    private final class Streams implements ServerSessionListener {

        private final Script script;

        Streams(Script script) {
            this.script = script;
        }

        @Override
        public void onAccept(Session session) {
            accepted.incrementAndGet();
        }

        @Override
        public Stream.Listener onNewStream(Stream stream, HeadersFrame frame) {
            Line line = new Line(stream, (MetaData.Request) frame.getMetaData(), frame.isEndStream());
            Thread.ofVirtual().start(() -> {
                try {
                    script.serve(line);
                } catch (Exception e) {
                    line.reset(2);
                }
            });
            return new Stream.Listener() {
                @Override
                public void onDataAvailable(Stream from) {
                    line.wake();
                }

                @Override
                public void onHeaders(Stream from, HeadersFrame trailers) {
                    line.ended(trailers.getMetaData().getHttpFields());
                }

                @Override
                public void onReset(Stream from, ResetFrame reset, Callback callback) {
                    resets.add(reset.getError());
                    line.wake();
                    callback.succeeded();
                }
            };
        }
    }

    /** One stream. */
    static final class Line {

        private final Stream stream;
        private final MetaData.Request head;
        private boolean ended;
        private @Nullable HttpFields trailers;

        private Line(Stream stream, MetaData.Request head, boolean ended) {
            this.stream = stream;
            this.head = head;
            this.ended = ended;
        }

        MetaData.Request head() {
            return head;
        }

        Stream stream() {
            return stream;
        }

        synchronized void wake() {
            notifyAll();
        }

        private synchronized void ended(HttpFields with) {
            trailers = with;
            notifyAll();
        }

        HttpFields trailers() {
            HttpFields came = trailers;
            return came == null ? HttpFields.EMPTY : came;
        }

        /** The next bytes of the request; null at its end. */
        @Nullable
        String read() throws InterruptedException {
            while (true) {
                synchronized (this) {
                    if (ended) {
                        return null;
                    }
                    Stream.Data data = stream.readData();
                    if (data == null) {
                        if (trailers != null) {
                            ended = true; // what came before them has been read
                            continue;
                        }
                        stream.demand();
                        wait(10_000);
                        continue;
                    }
                    DataFrame frame = data.frame();
                    ended = frame.isEndStream();
                    String text = StandardCharsets.ISO_8859_1
                            .decode(frame.getByteBuffer())
                            .toString();
                    data.release();
                    if (!text.isEmpty()) {
                        return text;
                    }
                }
            }
        }

        String readAll() throws InterruptedException {
            StringBuilder all = new StringBuilder();
            for (String next = read(); next != null; next = read()) {
                all.append(next);
            }
            return all.toString();
        }

        void respond(int status, HttpFields fields, boolean last) {
            stream.headers(new HeadersFrame(
                            stream.getId(),
                            new MetaData.Response(status, null, HttpVersion.HTTP_2, fields),
                            null,
                            last))
                    .join();
        }

        void write(String text, boolean last) {
            write(text.getBytes(StandardCharsets.ISO_8859_1), last);
        }

        void write(byte[] bytes, boolean last) {
            stream.data(new DataFrame(stream.getId(), ByteBuffer.wrap(bytes), last))
                    .join();
        }

        void trailers(HttpFields fields) {
            stream.headers(new HeadersFrame(stream.getId(), new MetaData(HttpVersion.HTTP_2, fields), null, true))
                    .join();
        }

        /** Ends the connection without a word. */
        void disconnect() {
            ((HTTP2Session) stream.getSession()).getEndPoint().close();
        }

        void reset(int error) {
            stream.reset(new ResetFrame(stream.getId(), error), Callback.NOOP);
        }
    }
}
