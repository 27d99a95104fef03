package dev.sallyport.kernel.config;

/** Gives what {@code ${secret:NAME/KEY}} stands for, by running the plugin that offers the service of that name. */
@FunctionalInterface
public interface SecretLookup {

    /** There is no such secret; the message says what was expected, and the mend, and no secret. */
    final class UnknownSecretException extends Exception {

        private static final long serialVersionUID = 1;

        /** @param message what stands behind the reference in the problem: {@code (expected: …); …} */
        public UnknownSecretException(String message) {
            super(message);
        }
    }

    /**
     * The secret as it is now.
     *
     * @param source the service, its own references resolved
     * @param types what plugins offer
     * @param key within the source
     */
    String secret(ServiceConfig source, TypeCatalog types, String key) throws UnknownSecretException;
}
