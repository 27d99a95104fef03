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

/** Ends streams of HTTP/2 where Jetty would do it in another way, or not at all (RFC 9113 §5.1, §8.1, §8.1.1). */
final class StreamEnds {

    private StreamEnds() {}

    /** Ends the stream of a malformed request with PROTOCOL_ERROR; false where it has none. */
    static boolean malformed(Request request) {
        return reset(request, ErrorCode.PROTOCOL_ERROR);
    }

    /**
     * Tells a client whose request was answered before its body had come that the rest is not needed. Jetty would say
     * CANCEL, for which some clients throw the answer away.
     */
    static void answered(Request request) {
        reset(request, ErrorCode.NO_ERROR);
    }

    private static boolean reset(Request request, ErrorCode reason) {
        if (!(request.getConnectionMetaData().getConnection() instanceof HTTP2Connection connection)) {
            return false;
        }
        int id = Integer.parseInt(request.getId());
        HTTP2Stream stream = connection.getSession().getStream(id);
        if (stream == null || stream.isClosed()) {
            return false;
        }
        stream.reset(new ResetFrame(id, reason.code), Callback.NOOP);
        return true;
    }

    /** Answers DATA of a stream that is closed, which Jetty leaves unanswered, with STREAM_CLOSED (RFC 9113 §5.1). */
    static void closed(EndPoint endPoint, DataFrame data) {
        int id = data.getStreamId();
        if (endPoint.getConnection() instanceof HTTP2Connection connection
                && connection.getSession().getStream(id) == null) {
            connection
                    .getSession()
                    .frames(null, List.of(new ResetFrame(id, ErrorCode.STREAM_CLOSED_ERROR.code)), Callback.NOOP);
        }
    }
}
