package dev.sallyport.plugins.oidclogin;

/** Where sessions are kept. */
public enum Keep {
    /** In the browser's cookie, whole. */
    COOKIE,
    /** In the store; the cookie holds the key to it. */
    STORE
}
