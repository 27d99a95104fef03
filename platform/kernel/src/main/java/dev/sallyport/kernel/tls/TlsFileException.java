package dev.sallyport.kernel.tls;

/** A file of certificates or keys that cannot be used; the message says what is wrong in which line, and the mend. */
public final class TlsFileException extends Exception {

    private static final long serialVersionUID = 1L;

    TlsFileException(String message) {
        super(message);
    }

    TlsFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
