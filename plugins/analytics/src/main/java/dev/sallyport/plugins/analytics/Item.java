package dev.sallyport.plugins.analytics;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of the shelf: {@code m-<minute>-<writer>-<number>} or {@code h-<hour>-<writer>-<number>}.
 *
 * @param name its name without what follows it
 * @param hour whether it is an hour; a minute otherwise
 * @param number hours or minutes since 1970
 * @param state what it is
 */
record Item(Path path, String name, boolean hour, long number, State state) {

    /** What follows the name of one that is being written. */
    static final String PART = ".part";

    /** What follows the name of one that was put aside. */
    static final String ASIDE = ".spoilt";

    /** By time, hours before the minutes that they may be made of. */
    static final Comparator<Item> BY_TIME = Comparator.comparingLong(Item::firstMinute)
            .thenComparing(Item::endMinute, Comparator.reverseOrder())
            .thenComparing(Item::name);

    private static final Pattern FORM =
            Pattern.compile("(([mh])-(\\d{1,12})-[0-9a-f]{8}-\\d{1,9})(\\.part|\\.spoilt)?");
    private static final long MINUTES = 60;

    /** What it is. */
    enum State {
        /** Whole, as far as anybody knows. */
        WHOLE,
        /** Being written, or left by who did not come to its end. */
        PART,
        /** Spoilt, and kept for whoever wants to look at it. */
        ASIDE
    }

    /** Null for what is none. */
    static @Nullable Item of(Path path) {
        Matcher form = FORM.matcher(path.getFileName().toString());
        if (!form.matches()) {
            return null;
        }
        String after = form.group(4);
        State state = after == null ? State.WHOLE : after.equals(PART) ? State.PART : State.ASIDE;
        return new Item(path, form.group(1), form.group(2).equals("h"), Long.parseLong(form.group(3)), state);
    }

    boolean isWhole() {
        return state == State.WHOLE;
    }

    long firstMinute() {
        return hour ? number * MINUTES : number;
    }

    long endMinute() {
        return hour ? (number + 1) * MINUTES : number + 1;
    }

    /** Whether it has any of these minutes. */
    boolean isWithin(long from, long to) {
        return firstMinute() < to && endMinute() > from;
    }
}
