package dev.sallyport.kernel.chain;

import java.io.IOException;

/** The gateway does not wait for the exchange any longer: its generation was replaced a while ago, or the gateway stops. */
public final class EndedEarlyException extends IOException {

    private static final long serialVersionUID = 1;

    /** @param message why, in a few words that clients may read */
    public EndedEarlyException(String message) {
        super(message);
    }
}
