package dev.sallyport.kernel.cli;

/** The gateway cannot be reached, or does not know the caller. */
final class UnreachableException extends Exception {

    private static final long serialVersionUID = 1;

    UnreachableException(String message) {
        super(message);
    }
}
