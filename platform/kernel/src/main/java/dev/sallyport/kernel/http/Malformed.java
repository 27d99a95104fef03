package dev.sallyport.kernel.http;

import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/** Ends the streams of requests that Jetty's parser of HTTP/2 calls malformed, which it would answer (RFC 9113 §8.1.1). */
final class Malformed {

    private Malformed() {}

    /** Ends the request's stream with PROTOCOL_ERROR; false where it has none. */
    static boolean reset(Request request) {
        if (!(request.getConnectionMetaData().getConnection() instanceof HTTP2Connection connection)) {
            return false;
        }
        int id = Integer.parseInt(request.getId());
        HTTP2Stream stream = connection.getSession().getStream(id);
        if (stream == null) {
            return false;
        }
        stream.reset(new ResetFrame(id, ErrorCode.PROTOCOL_ERROR.code), Callback.NOOP);
        return true;
    }
}
