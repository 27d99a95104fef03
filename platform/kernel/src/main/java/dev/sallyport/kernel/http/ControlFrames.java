package dev.sallyport.kernel.http;

import dev.sallyport.api.config.Rate;
import org.eclipse.jetty.io.WindowRateControl;

/** Bounds the frames of one connection over HTTP/2 that bring no request on; Jetty ends the connection where it says no. */
final class ControlFrames extends WindowRateControl {

    private final Runnable tooMany;

    /** @param tooMany called for the first one that is too many */
    ControlFrames(Rate most, Runnable tooMany) {
        super(Math.toIntExact(Math.min(most.amount(), Integer.MAX_VALUE - 1)), most.per());
        this.tooMany = tooMany;
    }

    @Override
    public boolean onEvent(Object frame) {
        boolean taken = super.onEvent(frame);
        if (!taken) {
            tooMany.run();
        }
        return taken;
    }
}
