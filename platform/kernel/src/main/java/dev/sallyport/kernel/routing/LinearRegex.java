package dev.sallyport.kernel.routing;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.sallyport.api.config.RegexEngine;
import java.util.function.Predicate;

/** The regular expressions of expressions, run by RE2/J. Found as a service. */
public final class LinearRegex implements RegexEngine {

    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_SIZE = 10_000;

    @Override
    public Predicate<String> compile(String regex) {
        if (regex.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("at most " + MAX_LENGTH + " characters");
        }
        // RE2 writes counted repetitions out, so that nested ones would fill the memory before a match is tried
        if (RegexOutline.size(regex) > MAX_SIZE) {
            throw new IllegalArgumentException("smaller counted repetitions");
        }
        try {
            Pattern pattern = Pattern.compile(regex);
            return text -> pattern.matcher(text).find();
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(e.getDescription(), e);
        }
    }
}
