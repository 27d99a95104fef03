package dev.sallyport.oauth;

import org.jspecify.annotations.Nullable;

/** The provider gave no answer that can be used. */
public final class ProviderUnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    /** @param message what went wrong, for the log; it names no token and no secret */
    public ProviderUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
