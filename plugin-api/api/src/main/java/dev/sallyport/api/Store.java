package dev.sallyport.api;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * State that outlives a request, a reload, and an upgrade of the plugin that keeps it. The store {@code memory} always
 * exists; one that a plugin offers ({@link StoreFactory}) is shared between gateways. Steps never talk to a server
 * themselves. Thread-safe.
 *
 * <ol>
 *   <li>Each call is atomic, also among the gateways that share a store: of two calls for one key one comes first, and the
 *       other one sees what it did.
 *   <li>Keys of takes, of those inside and of values never meet. A step begins its keys with {@link FilterContext#key()}.
 *   <li>A store forgets what ended by time, and what is beyond its size: what was used least. It may lose all at a restart,
 *       as the page of each says: limits are full again then, values are gone.
 *   <li>A store that is away fails with {@link StoreUnavailableException}, at the latest after the time that its
 *       configuration allows a call, and at once while it is known to be away. Whether what was asked for happened is not
 *       known then. Each step says what it does without.
 * </ol>
 */
public interface Store {

    /**
     * Takes as much from each of several limits, or from none: only where all have it.
     *
     * @param key whose limits
     * @param limits in an order that stays the same for a key: by it they are found again; one of another kind starts anew
     * @param tokens how many to take; 0 only asks
     * @return what came of it, for each limit; they have been taken where all were there
     * @throws StoreUnavailableException where the store is away
     */
    List<Take> take(String key, List<Limit> limits, long tokens);

    /**
     * Takes from all of these limits what has been used already, whether it is there or not: what is missing is owed, and
     * paid by the time that passes. A bucket owes no more than it holds.
     *
     * @return how they are now
     * @throws StoreUnavailableException where the store is away
     */
    List<Take> charge(String key, List<Limit> limits, long tokens);

    /**
     * What came of it for one limit.
     *
     * @param enough whether it had the tokens
     * @param left how many are left now
     * @param retryAfterNanos how long until as many as asked for are there, if nobody takes any; 0 where they were, and
     *     {@link Long#MAX_VALUE} where there are never as many
     * @param fullAfterNanos how long until nothing of it is taken any more
     */
    record Take(boolean enough, long left, long retryAfterNanos, long fullAfterNanos) {}

    /**
     * Lets somebody in where there is room: for what runs at the same time. Who is inside already stays, for the time given
     * now.
     *
     * @param key whose room
     * @param holder who enters; unique within the key
     * @param most how many may be inside; at least 1
     * @param expires after how long it leaves by itself, so that what a dead gateway held comes back
     * @throws StoreUnavailableException where the store is away
     */
    Entry enter(String key, String holder, long most, Duration expires);

    /**
     * What came of it.
     *
     * @param entered whether the holder is inside now
     * @param inside how many are
     */
    record Entry(boolean entered, long inside) {}

    /**
     * Leaves; who is not inside has left already.
     *
     * @throws StoreUnavailableException where the store is away: it leaves when its time is over
     */
    void leave(String key, String holder);

    /**
     * The value of a key; null where it has none, or its time is over.
     *
     * @throws StoreUnavailableException where the store is away
     */
    @Nullable
    String get(String key);

    /**
     * Sets a value, whatever there was.
     *
     * @param expires after how long it is gone
     * @throws StoreUnavailableException where the store is away
     */
    void put(String key, String value, Duration expires);

    /**
     * Sets a value where there is none: of many who try, one.
     *
     * @param expires after how long it is gone
     * @return whether it was set
     * @throws StoreUnavailableException where the store is away
     */
    boolean putIfAbsent(String key, String value, Duration expires);

    /**
     * Sets a value in the place of the expected one, and not of another.
     *
     * @param expires after how long it is gone
     * @return whether it was set
     * @throws StoreUnavailableException where the store is away
     */
    boolean replace(String key, String expected, String value, Duration expires);

    /**
     * Removes a value.
     *
     * @return whether there was one
     * @throws StoreUnavailableException where the store is away
     */
    boolean remove(String key);

    /**
     * The bytes of a key; null where it has none, or their time is over. They are the store's: whoever gets them does not
     * change them.
     *
     * @throws StoreUnavailableException where the store is away
     */
    byte @Nullable [] getBytes(String key);

    /**
     * Keeps bytes, such as a whole response, whatever there was; they are not to be changed afterwards. Keys of bytes and of
     * values never meet. A store may give up any of them early, since what is kept so can be had again.
     *
     * @param expires after how long they are gone
     * @throws StoreUnavailableException where the store is away
     */
    void putBytes(String key, byte[] bytes, Duration expires);

    /** What does not work now, in a sentence without a full stop, for operators; null where all does. It answers at once. */
    default @Nullable String trouble() {
        return null;
    }
}
