package dev.sallyport.kernel.routing;

/** A path that has no normal form. The message says why, in words that a client may read. */
public final class MalformedPathException extends Exception {

    MalformedPathException(String message) {
        super(message, null, false, false); // made for each bad request: a stack trace tells nothing
    }
}
