package dev.sallyport.marketplace;

/** Whether a signature is good, and by whom. */
public sealed interface Verification {

    /**
     * It is.
     *
     * @param publisher the name of who signed
     * @param statement what they signed, from the very bytes that the signature is over
     */
    record Trusted(String publisher, Statement statement) implements Verification {}

    /**
     * It is not.
     *
     * @param reason one sentence that goes on where the jar's name stood: {@code is signed by acme, who may sign acme-*
     *     only; …}
     */
    record Refused(String reason) implements Verification {}
}
