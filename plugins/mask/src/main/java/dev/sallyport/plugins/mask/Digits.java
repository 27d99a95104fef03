package dev.sallyport.plugins.mask;

import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds data that are digits, in groups with single separators: from a digit, or one of the given characters before it, that
 * stands after no letter or digit, to a digit after which stands none.
 *
 * @param separators what may stand between two digits
 * @param first what may stand before the first digit and belongs to it; {@code ""} for nothing
 * @param least the fewest digits
 * @param most the most bytes
 * @param judge whether these digits, written like this, are such data
 */
record Digits(
        String name,
        String separators,
        String first,
        int least,
        int most,
        BiPredicate<String, String> judge,
        boolean findsInNumbers)
        implements Finder {

    @Override
    public @Nullable Found find(byte[] text, int start, int from, int to) {
        for (int i = from; i < to; i++) {
            if (isDigit(text[i])) {
                int begin = i;
                while (begin > from && first.indexOf(text[begin - 1]) >= 0 && i - begin < 2) {
                    begin--;
                }
                for (; begin <= i; begin++) {
                    boolean whole = begin == start || !isWord(text[begin - 1]);
                    int end = whole ? longest(text, begin, i, to) : -1;
                    if (end > 0) {
                        return new Found(begin, end);
                    }
                }
                while (i + 1 < to && isDigit(text[i + 1])) {
                    i++; // within a group nothing begins
                }
            }
        }
        return null;
    }

    /** The end of the longest such data that begins there; -1 for none. */
    private int longest(byte[] text, int begin, int i, int to) {
        StringBuilder digits = new StringBuilder(24);
        int found = -1;
        int at = i;
        int last = Math.min(to, begin + most + 1);
        while (at < last) {
            byte c = text[at];
            if (isDigit(c)) {
                digits.append((char) c);
            } else if (separators.indexOf(c) < 0 || c < 0) {
                break;
            }
            at++;
            boolean ends = isDigit(c) && (at == to || !isWord(text[at]));
            if (ends && digits.length() >= least && at - begin <= most) {
                String written = new Latin(text, begin, at).toString();
                found = judge.test(digits.toString(), written) ? at : found;
            }
        }
        return found;
    }

    static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    static boolean isWord(byte c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }
}
