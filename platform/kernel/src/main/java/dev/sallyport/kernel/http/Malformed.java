package dev.sallyport.kernel.http;

import java.util.List;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/** Ends streams with an error where Jetty would answer a malformed request, or say nothing (RFC 9113 §5.1, §8.1.1). */
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

    /** Answers DATA of a stream that is closed, which Jetty leaves unanswered, with STREAM_CLOSED (RFC 9113 §5.1). */
    static void resetIfClosed(EndPoint endPoint, DataFrame data) {
        int id = data.getStreamId();
        if (endPoint.getConnection() instanceof HTTP2Connection connection
                && connection.getSession().getStream(id) == null) {
            connection
                    .getSession()
                    .frames(null, List.of(new ResetFrame(id, ErrorCode.STREAM_CLOSED_ERROR.code)), Callback.NOOP);
        }
    }
}
