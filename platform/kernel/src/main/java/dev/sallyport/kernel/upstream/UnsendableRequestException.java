package dev.sallyport.kernel.upstream;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The request cannot be put on the wire as it is: a path with a lone {@code %}, a head too long to send. Nothing was
 * sent, and no other target would do better; the client gets 400.
 */
public final class UnsendableRequestException extends IOException {

    private static final long serialVersionUID = 1;

    UnsendableRequestException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
