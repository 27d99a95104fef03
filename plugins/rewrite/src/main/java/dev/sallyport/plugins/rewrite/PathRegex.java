package dev.sallyport.plugins.rewrite;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What a whole path must match, in the syntax of RE2: its time grows with the length of the path and no faster, whatever
 * the client sends.
 *
 * @param pattern the expression
 */
public record PathRegex(Pattern pattern) {

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static PathRegex parse(String text) {
        try {
            return new PathRegex(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    text + " (expected: a regular expression of RE2: " + e.getDescription() + ")", e);
        }
    }

    /** How many groups it has. */
    int groups() {
        return pattern.groupCount();
    }

    /** Its match with the whole path; null where there is none. */
    @Nullable
    Matcher match(String path) {
        Matcher matcher = pattern.matcher(path);
        return matcher.matches() ? matcher : null;
    }

    /** The written form. */
    @Override
    public String toString() {
        return pattern.pattern();
    }
}
