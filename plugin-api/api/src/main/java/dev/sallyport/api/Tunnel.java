package dev.sallyport.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The far end of a connection that has switched protocols (WebSocket): raw bytes both ways. The gateway copies between
 * it and the client, one virtual thread each way, until both directions have ended, and then closes it.
 */
public interface Tunnel extends AutoCloseable {

    /** Bytes from the far end; its end is the far end's half-close. One reader. */
    InputStream input();

    /** Bytes to the far end, sent as they are written; closing it half-closes the connection. One writer. */
    OutputStream output();

    /**
     * Shows this end the client's, before anything is copied, once; what it gives takes the client's place. So whoever stands
     * between the two can change what is written to either: a tunnel that wraps another one must pass this on.
     *
     * @param client the client's end; nothing can be read or written yet
     */
    default Tunnel facing(Tunnel client) {
        return client;
    }

    /** Ends both directions at once; a blocked reader or writer gets an {@link IOException}. Calling it again does nothing. */
    @Override
    void close();
}
