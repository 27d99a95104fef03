package dev.sallyport.kernel.market;

/** Something about a marketplace went wrong; the message is a sentence with what, why and the mend. */
public final class MarketException extends Exception {

    private static final long serialVersionUID = 1;

    public MarketException(String message) {
        super(message);
    }
}
