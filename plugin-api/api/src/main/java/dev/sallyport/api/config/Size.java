package dev.sallyport.api.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of bytes, written {@code 512B}, {@code 64KiB}, {@code 10MiB}, {@code 1GiB}.
 *
 * @param bytes 0 or more
 */
public record Size(long bytes) implements Comparable<Size> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})(B|KiB|MiB|GiB)");

    public Size {
        if (bytes < 0) {
            throw new IllegalArgumentException(bytes + " (expected: 0 or more bytes)");
        }
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static Size parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(text + " (expected: a size such as 64KiB or 10MiB)");
        }
        int shift = switch (form.group(2)) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> 0;
        };
        try {
            return new Size(Math.multiplyExact(Long.parseLong(form.group(1)), 1L << shift));
        } catch (ArithmeticException tooLarge) {
            throw new IllegalArgumentException(text + " (expected: less than 8EiB)", tooLarge);
        }
    }

    @Override
    public int compareTo(Size other) {
        return Long.compare(bytes, other.bytes);
    }

    /** The written form, in the largest unit that keeps it whole. */
    @Override
    public String toString() {
        String[] units = {"B", "KiB", "MiB", "GiB"};
        int unit = 0;
        long amount = bytes;
        while (unit < 3 && amount != 0 && amount % 1024 == 0) {
            amount /= 1024;
            unit++;
        }
        return amount + units[unit];
    }
}
