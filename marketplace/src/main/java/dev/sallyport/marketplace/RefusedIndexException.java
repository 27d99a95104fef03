package dev.sallyport.marketplace;

/** An index is not believed; the message is a sentence that says why, and the mend. */
public final class RefusedIndexException extends Exception {

    private static final long serialVersionUID = 1;

    RefusedIndexException(String message) {
        super(message);
    }
}
