package dev.sallyport.kernel.http;

import dev.sallyport.api.config.Rate;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.WindowRateControl;

/** Bounds the frames of one connection over HTTP/2 that bring no request on; Jetty ends the connection where it says no. */
final class ControlFrames extends WindowRateControl {

    private final EndPoint endPoint;
    private final Runnable tooMany;

    /** @param tooMany called for the first one that is too many */
    ControlFrames(Rate most, EndPoint endPoint, Runnable tooMany) {
        super(Math.toIntExact(Math.min(most.amount(), Integer.MAX_VALUE - 1)), most.per());
        this.endPoint = endPoint;
        this.tooMany = tooMany;
    }

    @Override
    public boolean onEvent(Object frame) {
        boolean taken = super.onEvent(frame);
        if (!taken) {
            tooMany.run();
        } else if (frame instanceof DataFrame data) {
            StreamEnds.closed(endPoint, data);
        }
        return taken;
    }
}
