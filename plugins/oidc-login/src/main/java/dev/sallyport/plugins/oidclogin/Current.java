package dev.sallyport.plugins.oidclogin;

/** Who sends a request. */
sealed interface Current {

    /** Nobody who is logged in. */
    record Nobody(String why) implements Current {}

    /**
     * Somebody who is.
     *
     * @param changed whether the browser must be given the session anew
     */
    record Somebody(Session session, boolean changed) implements Current {}

    /** That cannot be said: the store of the sessions is away. */
    record Away() implements Current {}

    /** That cannot be said: the session needs newer tokens, and the provider gives no answer. */
    record Unknown() implements Current {}
}
