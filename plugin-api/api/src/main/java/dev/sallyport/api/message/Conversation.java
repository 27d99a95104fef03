package dev.sallyport.api.message;

/** One connection as a {@link MessageFilter} sees it. For any thread. */
public interface Conversation {

    /**
     * Injects a message: steps between this one and the receiver see it, then the receiver. Waits while the receiver is slow.
     *
     * <p>To an event stream it can be done only while a message is being seen, on the same thread; it goes out before that one.
     *
     * @param from whom it seems to come from: {@link Sender#UPSTREAM} sends it to the client
     * @return whether it was sent; false where that direction has ended
     * @throws IllegalArgumentException for a message that the transport does not have
     */
    boolean send(Sender from, Message message);

    /**
     * Ends the connection: both sides of a WebSocket are told code and reason, and what they send from then on is dropped. A
     * side that does not answer within five seconds is cut off. An event stream ends after the event that is being seen,
     * without being told why. The first call counts.
     *
     * @param code the status code (RFC 6455 §7.4)
     * @param reason for people, without secrets; cut at 123 bytes
     */
    void close(int code, String reason);
}
