package dev.sallyport.plugins.jwtauth;

import org.jspecify.annotations.Nullable;

/** There are no keys to check a token with: nothing can be said about it. */
final class KeysUnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    KeysUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
