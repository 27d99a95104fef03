package dev.sallyport.api.config;

import java.util.regex.Pattern;

/**
 * A part of a hundred, written {@code 50%} or {@code 12.5%}.
 *
 * @param value above 0, at most 100
 */
public record Percent(double value) {

    private static final Pattern FORM = Pattern.compile("\\d{1,3}(\\.\\d{1,3})?%");

    public Percent {
        if (!(value > 0 && value <= 100)) {
            throw new IllegalArgumentException(value + "% (expected: above 0% and at most 100%)");
        }
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static Percent parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(text + " (expected: a percentage such as 50%); write a number and %");
        }
        double value = Double.parseDouble(text.substring(0, text.length() - 1));
        if (value <= 0 || value > 100) {
            throw new IllegalArgumentException(
                    text + " (expected: above 0% and at most 100%); write a number in between");
        }
        return new Percent(value);
    }

    /** The written form. */
    @Override
    public String toString() {
        return (value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value)) + "%";
    }
}
