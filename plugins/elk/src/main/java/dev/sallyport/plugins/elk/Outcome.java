package dev.sallyport.plugins.elk;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of records that were sent. Filled by an output, for one thread.
 *
 * <p>Each record is in it once: it arrived, had arrived before, is refused for ever, or is to be sent again.
 */
final class Outcome {

    private static final int SUSPECTS = 16;

    private final List<Entry> again = new ArrayList<>();
    private final List<Rejection> rejected = new ArrayList<>();
    private final List<Rejection> suspects = new ArrayList<>();
    private int arrived;
    private int before;
    private int perhapsDouble;
    private boolean unknown;
    private @Nullable Trouble trouble;

    /**
     * A record that is refused for ever, so that nothing is gained by sending it again.
     *
     * @param entry the record
     * @param reason the destination's own words, shortened
     */
    record Rejection(Entry entry, String reason) {}

    /** A record has arrived. */
    void arrived(int count) {
        arrived += count;
    }

    /** Records were there before. */
    void before(int count) {
        before += count;
    }

    /** Records have arrived, and may be there twice. */
    void perhapsDouble(int count) {
        perhapsDouble += count;
    }

    void reject(Entry entry, String reason) {
        rejected.add(new Rejection(entry, reason));
    }

    /**
     * A record whose request was refused as a whole, as one that cannot be read is, and as a server does with all requests that is
     * not what it should be. Which it is shows by the others: {@link #settleSuspects}.
     */
    void suspect(Entry entry, String reason) {
        suspects.add(new Rejection(entry, reason));
    }

    /** Whether it is not worth while to look further which record is at fault: all were refused so far. */
    boolean isHopeless() {
        return suspects.size() >= SUSPECTS && !isAnyThrough();
    }

    /** Where others went through, suspects are refused for ever; else they are sent again, and seldom. */
    void settleSuspects() {
        if (isAnyThrough()) {
            rejected.addAll(suspects);
        } else if (!suspects.isEmpty()) {
            again(
                    suspects.stream().map(Rejection::entry).toList(),
                    new Trouble(Trouble.Kind.REFUSED, suspects.getLast().reason()));
        }
        suspects.clear();
    }

    private boolean isAnyThrough() {
        return arrived + before + rejected.size() > 0;
    }

    /** Records did surely not arrive. */
    void again(List<Entry> entries, Trouble why) {
        again.addAll(entries);
        trouble = why;
    }

    /** Records may have arrived. */
    void unknown(List<Entry> entries, Trouble why) {
        again(entries, why);
        unknown = true;
    }

    int arrived() {
        return arrived;
    }

    int before() {
        return before;
    }

    int perhapsDouble() {
        return perhapsDouble;
    }

    List<Rejection> rejected() {
        return rejected;
    }

    /** What is to be sent again; empty where all is settled. */
    List<Entry> again() {
        return again;
    }

    /** Whether some of that may have arrived. */
    boolean isUnknown() {
        return unknown;
    }

    /** Why something is to be sent again; null where nothing is. */
    @Nullable
    Trouble trouble() {
        return trouble;
    }
}
