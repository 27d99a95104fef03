package dev.sallyport.plugins.oidclogin;

import org.jspecify.annotations.Nullable;

/** The provider refused, or what it sent is not valid: trying again brings nothing. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    /** @param message why, for the log; it names no token and no secret */
    RefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
