package dev.sallyport.plugins.clientcredentials;

import org.jspecify.annotations.Nullable;

/** The provider gave no token. */
final class ProviderUnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    /** @param message what went wrong, for the log; it names no token and no secret */
    ProviderUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
