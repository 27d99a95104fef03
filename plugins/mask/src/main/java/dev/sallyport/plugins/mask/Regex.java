package dev.sallyport.plugins.mask;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Finds what a regular expression of RE2 matches: its time grows with the text and no faster. */
record Regex(Pattern pattern) implements Finder {

    /** The most bytes that one may match. */
    static final int MOST = 256;

    private static final int LONGEST = 1_000;

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException where it is none, or could match more than {@value #MOST} bytes, or nothing
     */
    static Regex parse(String text) {
        if (text.length() > LONGEST || !text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    text + " (expected: at most " + LONGEST + " characters, of ASCII); use . for another character");
        }
        Pattern pattern;
        try {
            pattern = Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    text + " (expected: a regular expression of RE2); " + e.getDescription(), e);
        }
        long most = new RegexLength(text).most();
        if (most > MOST) {
            throw new IllegalArgumentException(text + " (expected: matches of at most " + MOST
                    + " characters, so that a body can be searched as it passes); write {1,64} in the place of"
                    + " + and {0,64} of *");
        }
        if (most == 0 || pattern.matches("")) {
            throw new IllegalArgumentException(
                    text + " (expected: no match of nothing); let it match a character or more");
        }
        return new Regex(pattern);
    }

    @Override
    public String name() {
        return "regex";
    }

    @Override
    public @Nullable Found find(byte[] text, int start, int from, int to) {
        Matcher matcher = pattern.matcher(new Latin(text, start, to));
        int at = from - start;
        while (at <= to - start && matcher.find(at)) {
            if (matcher.end() > matcher.start()) {
                return whole(text, from, start + matcher.start(), start + matcher.end(), to);
            }
            at = matcher.end() + 1; // of nothing, as \b
        }
        return null;
    }

    /** The same with all bytes of the first and last character (RFC 3629): a dot matches one of them. */
    private static Found whole(byte[] text, int from, int begin, int end, int to) {
        int first = begin;
        while (first > from && begin - first < 3 && isContinuation(text[first])) {
            first--;
        }
        int last = end;
        while (last < to && last - end < 3 && isContinuation(text[last])) {
            last++;
        }
        return new Found(first, last);
    }

    private static boolean isContinuation(byte c) {
        return (c & 0xc0) == 0x80;
    }
}
