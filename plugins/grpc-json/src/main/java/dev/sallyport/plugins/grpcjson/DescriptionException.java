package dev.sallyport.plugins.grpcjson;

/** A description of services cannot be read, or does not hold together; its message says what and where. */
final class DescriptionException extends Exception {

    private static final long serialVersionUID = 1;

    DescriptionException(String message) {
        super(message);
    }
}
