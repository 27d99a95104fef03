package dev.sallyport.api.config;

import java.util.function.Predicate;

/**
 * Matches texts with regular expressions in time that grows with the text and no faster. The gateway has one, and so has the
 * test kit, each as a service of this type; the plugin API itself needs no library.
 *
 * <p>For any number of threads at once, as what it gives is.
 */
public interface RegexEngine {

    /**
     * Compiles a regular expression of RE2.
     *
     * @return whether a text has a match somewhere in it
     * @throws IllegalArgumentException where it is none, or too large; the message says why
     */
    Predicate<String> compile(String regex);
}
