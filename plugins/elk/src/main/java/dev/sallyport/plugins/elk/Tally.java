package dev.sallyport.plugins.elk;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What a pipeline has done, since it was opened. Any thread counts and reads. */
final class Tally {

    /** Why a record was dropped. */
    enum Reason {
        /** More waited in memory than may. */
        QUEUE,
        /** The spool has its full size. */
        SPOOL,
        /** The gateway stopped while the disk took nothing. */
        DISK,
        /** Something on disk could not be read; counted once each time, for how many records it was is not known. */
        DAMAGE,
        /** One record alone is too large. */
        SIZE
    }

    final LongAdder taken = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder before = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder retried = new LongAdder();
    final LongAdder perhapsDouble = new LongAdder();
    private final Map<Reason, LongAdder> dropped = new EnumMap<>(Reason.class);

    Tally() {
        for (Reason reason : Reason.values()) {
            dropped.put(reason, new LongAdder());
        }
    }

    private LongAdder of(Reason reason) {
        return Objects.requireNonNull(dropped.get(reason));
    }

    void dropped(Reason reason, long count) {
        of(reason).add(count);
    }

    long dropped(Reason reason) {
        return of(reason).sum();
    }

    long dropped() {
        long all = 0;
        for (LongAdder each : dropped.values()) {
            all += each.sum();
        }
        return all;
    }
}
