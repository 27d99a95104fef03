package dev.sallyport.plugins.elk;

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
        /** One record alone is too large. */
        SIZE
    }

    final LongAdder taken = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder before = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder retried = new LongAdder();
    final LongAdder perhapsDouble = new LongAdder();
    private final LongAdder[] dropped = new LongAdder[Reason.values().length];

    Tally() {
        for (int i = 0; i < dropped.length; i++) {
            dropped[i] = new LongAdder();
        }
    }

    void dropped(Reason reason, long count) {
        dropped[reason.ordinal()].add(count);
    }

    long dropped(Reason reason) {
        return dropped[reason.ordinal()].sum();
    }

    long dropped() {
        long all = 0;
        for (LongAdder each : dropped) {
            all += each.sum();
        }
        return all;
    }
}
