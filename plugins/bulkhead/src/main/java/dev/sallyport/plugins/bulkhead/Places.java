package dev.sallyport.plugins.bulkhead;

import io.github.resilience4j.bulkhead.Bulkhead;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The places of all that are counted by themselves. Of those that nobody is in, nothing is kept. Thread-safe. */
final class Places {

    private final Map<String, Room> rooms = new ConcurrentHashMap<>();
    private final io.github.resilience4j.bulkhead.BulkheadConfig settings;
    private final int most;
    private final LongAdder inside = new LongAdder();

    /** The places of one key. */
    private static final class Room {

        private final Bulkhead bulkhead;

        /** How many are in it or wait; changed only while the map holds its entry. */
        private int users;

        Room(Bulkhead bulkhead) {
            this.bulkhead = bulkhead;
        }
    }

    Places(BulkheadConfig config) {
        most = config.most();
        settings = settings(config);
    }

    /** Every setting is stated, none left to the library's defaults. */
    private static io.github.resilience4j.bulkhead.BulkheadConfig settings(BulkheadConfig config) {
        return io.github.resilience4j.bulkhead.BulkheadConfig.custom()
                .maxConcurrentCalls(config.concurrent())
                .maxWaitDuration(config.maxWait())
                .fairCallHandlingStrategyEnabled(true) // who has waited longest comes first
                .writableStackTraceEnabled(false)
                .build();
    }

    /**
     * Takes a place, waiting for one as long as is allowed.
     *
     * @return gives it back, once; null where there is none
     */
    @Nullable
    Runnable take(String key) throws InterruptedException {
        Room room = enter(key);
        if (room == null) {
            return null;
        }
        boolean taken = false;
        try {
            taken = room.bulkhead.tryAcquirePermission();
            if (!taken && Thread.interrupted()) { // it keeps the interrupt, and says no
                throw new InterruptedException();
            }
        } finally {
            if (!taken) {
                leave(key);
            }
        }
        if (!taken) {
            return null;
        }
        inside.increment();
        return () -> {
            inside.decrement();
            room.bulkhead.releasePermission();
            leave(key);
        };
    }

    private @Nullable Room enter(String key) {
        Room[] entered = new Room[1];
        rooms.compute(key, (same, known) -> {
            Room room = known == null ? new Room(Bulkhead.of(key, settings)) : known;
            if (room.users < most) {
                room.users++;
                entered[0] = room;
            }
            return room;
        });
        return entered[0];
    }

    private void leave(String key) {
        rooms.computeIfPresent(key, (same, room) -> --room.users == 0 ? null : room);
    }

    /** How many are under way. */
    long inside() {
        return inside.sum();
    }

    /** How many keys somebody is in. */
    int keys() {
        return rooms.size();
    }

    /** How many of that key are under way or wait. */
    int users(String key) {
        int[] users = new int[1];
        rooms.computeIfPresent(key, (same, room) -> {
            users[0] = room.users;
            return room;
        });
        return users[0];
    }
}
