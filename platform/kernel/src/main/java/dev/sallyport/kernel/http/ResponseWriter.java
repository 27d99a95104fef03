package dev.sallyport.kernel.http;

import dev.sallyport.api.Body;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.chain.Problems;
import dev.sallyport.kernel.http.LimitHits.Limit;
import dev.sallyport.kernel.wire.BufferBody;
import dev.sallyport.kernel.wire.Spares;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Writes a response to the client, head and body, each part as soon as it has come. */
final class ResponseWriter {

    /** How much of a body goes on at a time, in bytes. */
    private static final int COPIED = 16 * 1024;

    private final Spares<byte[]> buffers = new Spares<>(() -> new byte[COPIED]);
    private final Spares<FieldBlock> blocks = new Spares<>(FieldBlock::new);
    private final LimitHits hits;

    ResponseWriter(LimitHits hits) {
        this.hits = hits;
    }

    /**
     * Writes it and ends the exchange; a failure ends it too, by breaking the connection off, so that what was cut short is
     * never taken for whole.
     *
     * @param patience how long the client may take for one piece of it
     */
    void write(
            org.eclipse.jetty.server.Response outgoing,
            Callback callback,
            Request request,
            Response response,
            boolean http2,
            Duration patience) {
        LiveExchange exchange = (LiveExchange) request.exchange();
        Client client = new Client(outgoing, patience);
        outgoing.setStatus(response.status());
        HttpFields.Mutable fields = outgoing.getHeaders();
        if (!response.headers().has("date")) { // RFC 9110 §6.6.1
            fields.add(outgoing.getRequest()
                    .getConnectionMetaData()
                    .getConnector()
                    .getServer()
                    .getDateField());
        }
        FieldBlock block = http2 ? null : blocks.take();
        head(request, response, fields, block);
        Trailers trailers = new Trailers(response.body());
        try {
            if (isBodiless(request, response)) {
                response.body().close();
                client.send(true, BufferUtil.EMPTY_BUFFER);
            } else {
                body(exchange, client, response.body(), http2, trailers);
            }
        } catch (WriteFailure failure) {
            if (failure.isSlowness()) {
                hits.hit(
                        exchange.listener(),
                        Limit.SEND_TIMEOUT,
                        exchange.peer().getAddress().getHostAddress());
            }
            ClientGoneException gone =
                    new ClientGoneException("the client left while the response was written: " + failure.getMessage());
            exchange.cancellation().cancel(gone);
            exchange.complete(response.status(), Outcome.CLIENT_GONE, gone.getMessage());
            callback.failed(Quiet.of(gone));
            return;
        } catch (Throwable failure) { // the upstream's, or a step's that maps the body
            Outcome outcome = exchange.cancellation().cause() instanceof ClientGoneException
                    ? Outcome.CLIENT_GONE
                    : Outcome.FAILED;
            if (exchange.endedEarly() != null && http2 && isGrpc(response) && trailers.endAsUnavailable(client)) {
                exchange.complete(response.status(), outcome, "ended early");
                callback.succeeded();
                return;
            }
            if (failure instanceof UpstreamException broken && !outgoing.isCommitted() && outcome == Outcome.FAILED) {
                instead(outgoing, callback, request, broken, http2, patience);
                return;
            }
            exchange.complete(response.status(), outcome, "the response broke off: " + failure);
            resetWhereTheEndIsTheLength(outgoing, exchange);
            callback.failed(Quiet.of(failure));
            return;
        }
        if (block != null) { // only here: after a failure, somebody might still write it
            block.clear();
            blocks.give(block);
        }
        exchange.complete(response.status(), Outcome.COMPLETED, null);
        if (http2) {
            StreamEnds.answered(outgoing.getRequest());
        }
        callback.succeeded();
    }

    /** Answers with a problem where nothing of a response was sent whose first bytes turned out to be none. */
    private void instead(
            org.eclipse.jetty.server.Response outgoing,
            Callback callback,
            Request request,
            UpstreamException broken,
            boolean http2,
            Duration patience) {
        LiveExchange exchange = (LiveExchange) request.exchange();
        String idHeader = exchange.generation().config().config().requestId().header();
        outgoing.reset();
        try {
            Response problem = Problems.failed(request, broken).withHeader(idHeader, exchange.id());
            write(outgoing, callback, request, ProblemForms.fit(request, problem), http2, patience);
        } catch (ClientGoneException gone) {
            exchange.complete(499, Outcome.CLIENT_GONE, gone.getMessage());
            callback.failed(Quiet.of(gone));
        }
    }

    /** A client of HTTP/1.0 takes an orderly end for the end of the body, so that one which was cut off must end otherwise. */
    private static void resetWhereTheEndIsTheLength(org.eclipse.jetty.server.Response outgoing, LiveExchange exchange) {
        Object socket = outgoing.getRequest()
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .getTransport();
        if (exchange.protocol().equals("HTTP/1.0") && socket instanceof SocketChannel channel) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException closed) {
                // then there is nobody to be misled
            }
        }
    }

    /**
     * Copies the head; {@code Content-Length} is told by the body, or for HEAD by whoever knows it.
     *
     * @param block what takes the fields that do not concern Jetty; null for HTTP/2, and where Jetty has to see all
     */
    private static void head(
            Request request, Response response, HttpFields.Mutable fields, @Nullable FieldBlock block) {
        Headers headers = response.headers();
        boolean bodiless = isBodiless(request, response);
        long length = response.body().length();
        boolean tell = bodiless
                ? length > 0 && request.method().equals("HEAD")
                : length >= 0 && response.status() != 204 && response.tunnel() == null;
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (name.equalsIgnoreCase("content-length")) {
                if (bodiless && !tell && response.status() != 204) { // RFC 9110 §8.6
                    fields.add(HttpHeader.CONTENT_LENGTH, headers.value(i));
                }
            } else if (!isOfConnection(name)) {
                if (block != null) {
                    block.add(name, headers.value(i));
                } else {
                    fields.add(JettyHeaders.field(name, headers.value(i)));
                }
            }
        }
        if (block != null && !block.isEmpty()) {
            fields.add(block);
        }
        if (tell) {
            fields.add(new HttpField.LongValueHttpField(HttpHeader.CONTENT_LENGTH, length));
        }
    }

    /** What a step might set by mistake, and only the connection may say. */
    private static boolean isOfConnection(String name) {
        return switch (name.length()) {
            case 7 -> name.equalsIgnoreCase("upgrade");
            case 10 -> name.equalsIgnoreCase("connection") || name.equalsIgnoreCase("keep-alive");
            case 17 -> name.equalsIgnoreCase("transfer-encoding");
            default -> false;
        };
    }

    private static boolean isBodiless(Request request, Response response) {
        return request.method().equals("HEAD") || response.status() == 204 || response.status() == 304;
    }

    private static boolean isGrpc(Response response) {
        return response.headers().get("content-type", "").startsWith("application/grpc");
    }

    private void body(LiveExchange exchange, Client client, Body body, boolean http2, Trailers trailers)
            throws IOException {
        long length = body.length();
        if (length == 0) {
            body.close();
            client.send(true, BufferUtil.EMPTY_BUFFER);
            return;
        }
        if (length < 0 && (http2 || exchange.acceptsTrailers())) {
            client.outgoing().setTrailersSupplier(trailers);
        }
        try (body) {
            Progress progress = new Progress(exchange, client, length);
            if (body instanceof BufferBody untouched) {
                if (!untouched.isAtHand()) {
                    progress.head();
                }
                untouched.drainTo(progress::write);
            } else {
                copy(body, progress);
            }
            progress.end();
        }
    }

    private void copy(Body body, Progress progress) throws IOException {
        byte[] buffer = buffers.take();
        try (InputStream in = body.open()) {
            if (in.available() == 0) {
                progress.head();
            }
            int read = in.read(buffer);
            while (read >= 0) {
                progress.write(ByteBuffer.wrap(buffer, 0, read));
                read = progress.isWhole() ? -1 : in.read(buffer);
            }
        } finally {
            buffers.give(buffer);
        }
    }

    /** How far a body has been written. The last bytes go out with the end of the message, in one write. */
    private static final class Progress {

        private final LiveExchange exchange;
        private final Client client;
        private final long length;
        private long written;

        Progress(LiveExchange exchange, Client client, long length) {
            this.exchange = exchange;
            this.client = client;
            this.length = length;
        }

        boolean isWhole() {
            return written == length;
        }

        /** Sends the head before its first byte has come, which may take long: that of events, or of a call. */
        void head() throws IOException {
            client.send(false, BufferUtil.EMPTY_BUFFER);
        }

        void write(ByteBuffer bytes) throws IOException {
            int count = bytes.remaining();
            if (count == 0) {
                return;
            }
            if (length >= 0 && written + count > length) {
                throw new IOException("the body is longer than " + length + " bytes");
            }
            written += count;
            client.send(isWhole(), bytes);
            exchange.wroteBytes(count);
        }

        void end() throws IOException {
            if (length < 0) {
                client.send(true, BufferUtil.EMPTY_BUFFER);
            } else if (!isWhole()) {
                throw new IOException("the body ended after " + written + " bytes (expected: " + length + ")");
            }
        }
    }

    /** What is sent after the body: what it has, or what tells a caller of gRPC that it was cut off. */
    private static final class Trailers implements Supplier<HttpFields> {

        private static final HttpFields UNAVAILABLE =
                HttpFields.from(new HttpField("grpc-status", "14"), new HttpField("grpc-message", "ended early"));

        private final Body body;
        private boolean cutOff;

        Trailers(Body body) {
            this.body = body;
        }

        @Override
        public HttpFields get() {
            return cutOff ? UNAVAILABLE : JettyHeaders.toFields(body.trailers());
        }

        /** Ends the response with them; false where that cannot be. */
        boolean endAsUnavailable(Client client) {
            if (client.outgoing().getTrailersSupplier() == null) {
                return false;
            }
            cutOff = true;
            try {
                client.send(true, BufferUtil.EMPTY_BUFFER);
                return true;
            } catch (WriteFailure gone) {
                return false;
            }
        }
    }

    /** Who takes the response, and how long one write to it may take. */
    private record Client(org.eclipse.jetty.server.Response outgoing, Duration patience) {

        void send(boolean last, ByteBuffer bytes) throws WriteFailure {
            try (Blocker.Callback written = Blocker.callback()) {
                outgoing.write(last, bytes, written);
                written.block(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (IOException | TimeoutException e) {
                throw new WriteFailure(e);
            }
        }
    }

    /** The client's side of the copying has failed, as opposed to the side that is read from. */
    private static final class WriteFailure extends IOException {

        private static final long serialVersionUID = 1;

        WriteFailure(Exception cause) {
            super(cause.toString(), cause);
        }

        boolean isSlowness() {
            return getCause() instanceof TimeoutException;
        }
    }

    /** Whether the response is written over HTTP/2. */
    static boolean isHttp2(org.eclipse.jetty.server.Request incoming) {
        return incoming.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
    }
}
