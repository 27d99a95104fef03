package dev.sallyport.plugins.mask;

import org.jspecify.annotations.Nullable;

/**
 * Finds one kind of data in a text. What it says of a place depends on no more than the byte before a match and {@value #REACH}
 * bytes from its start, so a text can be searched in parts. Immutable.
 */
interface Finder {

    /** A match is shorter than this. */
    int REACH = 320;

    /** Where data was found: from an index to before another. */
    record Found(int from, int to) {}

    /** What it is called in metrics. */
    String name();

    /** Whether a number of JSON may be such data too. */
    default boolean findsInNumbers() {
        return false;
    }

    /**
     * The first match in a text that starts at an index or later.
     *
     * @param start of the text
     * @param from where to look
     * @param to the end of the text
     */
    @Nullable
    Found find(byte[] text, int start, int from, int to);
}
