package dev.sallyport.api;

import java.io.IOException;

/**
 * The client went away: thrown to whoever waits for the upstream or reads a body then. It says nothing about the
 * upstream, so it is neither counted by breakers nor retried.
 */
public final class ClientGoneException extends IOException {

    private static final long serialVersionUID = 1;

    public ClientGoneException(String message) {
        super(message);
    }
}
