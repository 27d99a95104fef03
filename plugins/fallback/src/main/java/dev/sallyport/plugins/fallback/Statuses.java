package dev.sallyport.plugins.fallback;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Statuses in a row, written {@code 404}, {@code 500-599} or {@code 5xx}.
 *
 * @param from the first
 * @param to the last
 */
public record Statuses(int from, int to) {

    private static final Pattern FORM = Pattern.compile("(\\d{3})(?:-(\\d{3}))?|([1-9])xx");

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static Statuses parse(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            int from = Integer.parseInt(form.group(3) == null ? form.group(1) : form.group(3) + "00");
            int to = form.group(3) != null ? from + 99 : form.group(2) == null ? from : Integer.parseInt(form.group(2));
            if (from >= 400 && to <= 599 && from <= to) {
                return new Statuses(from, to);
            }
        }
        throw new IllegalArgumentException(
                text + " (expected: a status from 400 to 599, or several such as 500-599 or 5xx)");
    }

    boolean has(int status) {
        return status >= from && status <= to;
    }

    /** The written form. */
    @Override
    public String toString() {
        return from == to ? Integer.toString(from) : from + "-" + to;
    }
}
