package dev.sallyport.api.message;

/** Who sent a message. */
public enum Sender {
    /** The client; its messages go to the upstream. Of an event stream it sends none. */
    CLIENT,
    /** The upstream; its messages go to the client. */
    UPSTREAM
}
