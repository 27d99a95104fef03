package dev.sallyport.kernel.http;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Connector;

/**
 * What is done where the system gives a connection no file descriptor: it is said, seldom, and tried again a little later.
 * Jetty's own way is a stack trace a second. Thread-safe.
 */
final class AcceptFailures {

    private static final Logger LOG = System.getLogger("listener");
    private static final long PAUSE_MILLIS = 250;

    private final String who;
    private final Seldom failures = new Seldom();

    /** @param who as the log names it */
    AcceptFailures(String who) {
        this.who = who;
    }

    /** Whether that says something of the system, and not that the connector is being closed. */
    static boolean isOfSystem(Connector connector, Throwable failure) {
        return connector.isRunning()
                && !(failure instanceof InterruptedException)
                && !(failure instanceof ClosedChannelException);
    }

    /**
     * Tells of it, and waits.
     *
     * @return whether to try again
     */
    boolean pause(Throwable failure) {
        long times = failures.happened();
        if (times > 0) {
            LOG.log(
                    Level.WARNING,
                    "{0}: no connection can be taken: {1}; what comes waits in the system''s queue, and it is tried"
                            + " again four times a second, {2} times since this was last told",
                    who,
                    failure.getMessage(),
                    Long.toString(times));
        }
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException closing) {
            return false;
        }
    }
}
