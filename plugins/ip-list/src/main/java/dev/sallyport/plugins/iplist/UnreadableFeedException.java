package dev.sallyport.plugins.iplist;

/** What came is no list of addresses. */
final class UnreadableFeedException extends Exception {

    private static final long serialVersionUID = 1;

    UnreadableFeedException(String message) {
        super(message);
    }
}
