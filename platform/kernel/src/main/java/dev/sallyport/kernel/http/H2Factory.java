package dev.sallyport.kernel.http;

import java.util.Map;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.Callback;

/** Makes connections over HTTP/2 within TLS that are waited for no longer than is allowed. */
final class H2Factory extends HTTP2ServerConnectionFactory {

    private final Conversations conversations;

    H2Factory(HttpConfiguration config, Conversations conversations) {
        super(config);
        this.conversations = conversations;
    }

    @Override
    protected ServerSessionListener newSessionListener(Connector connector, EndPoint endPoint) {
        return new Listener(this, endPoint, conversations.of(endPoint, connector.getName()));
    }

    /** Hears of what comes on a connection over HTTP/2, with TLS or without. */
    static final class Listener extends HTTPServerSessionListener {

        private static final String NOT_LAST = "trailers do not end the stream";

        private final EndPoint endPoint;
        private final Conversation conversation;

        Listener(HTTP2ServerConnectionFactory factory, EndPoint endPoint, Conversation conversation) {
            factory.super(endPoint);
            this.endPoint = endPoint;
            this.conversation = conversation;
            conversation.speaks(endPoint);
        }

        @Override
        public Map<Integer, Integer> onPreface(Session session) {
            // Until all of it has come, the client is waited for as for the head of a request.
            conversation.speaksHttp2(endPoint);
            return super.onPreface(session);
        }

        /**
         * Trailers that do not end the stream make the request malformed (RFC 9113 §8.1), for which Jetty ends the connection;
         * but its callback ends the body too, so that a request would be passed on as if it were whole.
         */
        @Override
        public void onHeaders(Stream stream, HeadersFrame frame, Callback callback) {
            if (frame.isEndStream()) {
                super.onHeaders(stream, frame, callback);
                return;
            }
            Throwable malformed = new HttpException.RuntimeException(HttpStatus.BAD_REQUEST_400, NOT_LAST);
            onFailure(stream, ErrorCode.PROTOCOL_ERROR.code, NOT_LAST, malformed, Callback.NOOP);
            onHeaders(stream, frame);
        }
    }
}
