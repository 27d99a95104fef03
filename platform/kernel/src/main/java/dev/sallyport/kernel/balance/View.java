package dev.sallyport.kernel.balance;

import dev.sallyport.kernel.config.UpstreamConfig.Panic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The targets that may be chosen as things are, and how often each. Immutable; made anew whenever one changes, so that a
 * choice looks at nothing else.
 */
final class View {

    /** Nothing in it changes by time alone. */
    private static final long NEVER = Long.MAX_VALUE;

    /** Of a target that begins slowly: a tenth is what it begins with. */
    private static final double FIRST_SHARE = 0.1;

    private static final int STEPS_OF_START = 20;

    private final Member[] members;
    private final long[] sums;
    private final boolean even;
    private final boolean panic;
    private final boolean noneWell;
    private final int changes;
    private final long madeAt;
    private final long lasts;

    private View(List<Weighted> chosen, boolean panic, boolean noneWell, int changes, long madeAt, long lasts) {
        members = chosen.stream().map(Weighted::member).toArray(Member[]::new);
        sums = new long[members.length];
        long sum = 0;
        boolean same = true;
        for (int i = 0; i < sums.length; i++) {
            long weight = chosen.get(i).weight();
            same &= weight == chosen.getFirst().weight();
            sum += weight;
            sums[i] = sum;
        }
        even = same;
        this.panic = panic;
        this.noneWell = noneWell;
        this.changes = changes;
        this.madeAt = madeAt;
        this.lasts = lasts;
    }

    /** A member with its weight as it is now, in thousandths. */
    private record Weighted(Member member, long weight) {}

    /**
     * What may be chosen now.
     *
     * @param changes those of the family that it is made after
     * @param slowStart how long a target takes to have its whole share, in nanoseconds
     */
    static View of(List<Member> all, Panic panic, long slowStart, int changes, long now) {
        List<Weighted> well = new ArrayList<>();
        List<Weighted> backups = new ArrayList<>();
        List<Weighted> primaries = new ArrayList<>();
        long lasts = NEVER;
        for (Member member : all) {
            long back = member.target().ejectedUntil() - now;
            boolean up = back <= 0 && member.target().isHealthy();
            long since = now - member.target().startedAt();
            long weight = member.weight() * 1000L;
            if (back > 0) {
                lasts = Math.min(lasts, back);
            } else if (up && since >= 0 && since < slowStart) {
                weight = Math.max(1, (long) (weight * Math.max(FIRST_SHARE, (double) since / slowStart)));
                lasts = Math.min(lasts, Math.max(1, slowStart / STEPS_OF_START));
            }
            Weighted weighted = new Weighted(member, weight);
            if (!member.backup()) {
                primaries.add(new Weighted(member, member.weight() * 1000L));
            }
            if (up) {
                (member.backup() ? backups : well).add(weighted);
            }
        }
        boolean noneWell = well.isEmpty() && backups.isEmpty();
        if (well.isEmpty() && !backups.isEmpty()) {
            return new View(backups, false, false, changes, now, lasts);
        }
        if (100.0 * well.size() < panic.share() * primaries.size()) {
            return new View(primaries, true, noneWell, changes, now, lasts);
        }
        return new View(well, false, noneWell, changes, now, lasts);
    }

    /** Whether it still says how things are. */
    boolean isCurrent(int changesNow, java.util.function.LongSupplier clock) {
        return changes == changesNow && (lasts == NEVER || clock.getAsLong() - madeAt < lasts);
    }

    /** The same without some. */
    View without(Set<LiveTarget> refused) {
        List<Weighted> rest = new ArrayList<>();
        for (int i = 0; i < members.length; i++) {
            if (!refused.contains(members[i].target())) {
                rest.add(new Weighted(members[i], weight(i)));
            }
        }
        return new View(rest, panic, noneWell, changes, madeAt, lasts);
    }

    int size() {
        return members.length;
    }

    Member member(int index) {
        return members[index];
    }

    LiveTarget target(int index) {
        return members[index].target();
    }

    long weight(int index) {
        return index == 0 ? sums[0] : sums[index] - sums[index - 1];
    }

    /** The weights of all together. */
    long total() {
        return sums.length == 0 ? 0 : sums[sums.length - 1];
    }

    /** Whether all have the same weight. */
    boolean isEven() {
        return even;
    }

    /** Whether so few are well that all are used. */
    boolean isPanic() {
        return panic;
    }

    /** Whether none is well. */
    boolean isNoneWell() {
        return noneWell;
    }

    /** How long till the first comes back, in nanoseconds, or something else changes; 0 where that is not known. */
    long lasts() {
        return lasts == NEVER ? 0 : lasts;
    }

    /** One of them by chance, by weight. */
    int random() {
        ThreadLocalRandom chance = ThreadLocalRandom.current();
        if (even) {
            return chance.nextInt(members.length);
        }
        long point = chance.nextLong(total());
        int low = 0;
        int high = sums.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sums[middle] > point) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
