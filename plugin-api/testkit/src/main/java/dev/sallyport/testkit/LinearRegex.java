package dev.sallyport.testkit;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.sallyport.api.config.RegexEngine;
import java.util.function.Predicate;

/** The regular expressions of expressions, as the gateway has them. Found as a service. */
public final class LinearRegex implements RegexEngine {

    @Override
    public Predicate<String> compile(String regex) {
        try {
            Pattern pattern = Pattern.compile(regex);
            return text -> pattern.matcher(text).find();
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(e.getDescription(), e);
        }
    }
}
