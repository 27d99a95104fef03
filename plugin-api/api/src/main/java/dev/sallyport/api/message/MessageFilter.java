package dev.sallyport.api.message;

import org.jspecify.annotations.Nullable;

/**
 * Sees each message of one connection. There is one instance a connection.
 *
 * <ol>
 *   <li>The messages of one sender come one after the other; those of the client and those of the upstream come at once, on
 *       two threads. A message that another step or thread injects may come beside them.
 *   <li>It may block: then its sender is read no further, and slows down. Nothing is queued; messages that came together go
 *       out together, when the last of them has been seen.
 *   <li>Steps that stand further out see a client's message before those further in, and an upstream's message after them.
 *   <li>An exception closes a WebSocket with 1011, and breaks an event stream off.
 * </ol>
 *
 * {@snippet :
 * MessageFilter upper = (message, from, conversation) ->
 *         message instanceof Message.Text text ? Message.text(text.content().toUpperCase(Locale.ROOT)) : message;
 * }
 */
@FunctionalInterface
public interface MessageFilter {

    /**
     * Sees a message: a text or binary one of a WebSocket, or an event.
     *
     * @return the message to pass on, the same or another of the same transport; null to drop it
     * @throws Exception where it fails
     */
    @Nullable
    Message message(Message message, Sender from, Conversation conversation) throws Exception;

    /** Sees a ping or pong; passed on by default. Null drops it. */
    default @Nullable Message ping(Message.Ping ping, Sender from, Conversation conversation) throws Exception {
        return ping;
    }

    /** Sees that one side closes; the one that is returned is passed on. */
    default Message.Close closing(Message.Close close, Sender from, Conversation conversation) throws Exception {
        return close;
    }

    /** One side of a WebSocket broke the protocol, or a limit; the connection is being closed. Does nothing by default. */
    default void broken(Sender by, Message.Close told) {}

    /** The connection has ended, in whatever way; called once, on any thread. */
    default void ended() {}
}
