package dev.sallyport.kernel.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Some statuses in a row: {@code 200}, or {@code 200-399}. */
public record StatusRange(int first, int last) {

    private static final Pattern FORM = Pattern.compile("([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static StatusRange parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(text + " (expected: a status such as 200, or two such as 200-399); write"
                    + " numbers from 100 to 599");
        }
        int first = Integer.parseInt(form.group(1));
        int last = form.group(2) == null ? first : Integer.parseInt(form.group(2));
        if (last < first) {
            throw new IllegalArgumentException(text + " (expected: the lower status first); turn them round");
        }
        return new StatusRange(first, last);
    }

    /** Whether it is one of them. */
    public boolean has(int status) {
        return first <= status && status <= last;
    }

    /** The written form. */
    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
