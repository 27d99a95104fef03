package dev.sallyport.marketplace;

/** What was read is not in its form. The message says what is wrong with it: {@code is no JSON (…)}. */
public final class MalformedException extends Exception {

    public MalformedException(String message) {
        super(message);
    }
}
