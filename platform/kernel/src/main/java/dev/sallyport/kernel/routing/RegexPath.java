package dev.sallyport.kernel.routing;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** A regular expression of the whole path, run by RE2/J: its time grows with the path's length and no faster. */
final class RegexPath implements PathPattern {

    static final String MARK = "re:";

    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_SIZE = 10_000;

    private final String text;
    private final Pattern pattern;
    private final String literalStart;

    private RegexPath(String text, Pattern pattern, String literalStart) {
        this.text = text;
        this.pattern = pattern;
        this.literalStart = literalStart;
    }

    /** Reads {@code re:…}. */
    static RegexPath parse(String text) {
        String regex = text.substring(MARK.length());
        if (regex.isEmpty()) {
            throw bad(text, "write re:/.* for every path");
        }
        if (regex.length() > MAX_LENGTH) {
            throw bad(text, "it is longer than " + MAX_LENGTH + " characters: split it");
        }
        if (regex.contains("\\Q")) {
            throw bad(text, "\\Q is not taken: put a \\ before each special character");
        }
        // RE2 writes counted repetitions out, so that nested ones would fill the memory before a match is tried
        if (RegexOutline.size(regex) > MAX_SIZE) {
            throw bad(text, "its counted repetitions are too large when written out: use smaller ones");
        }
        String start = RegexOutline.literalStart(regex);
        if (!start.isEmpty() && start.charAt(0) != '/') {
            throw bad(text, "write " + MARK + "/" + regex);
        }
        try {
            return new RegexPath(text, Pattern.compile(regex), start);
        } catch (PatternSyntaxException e) {
            throw bad(text, String.valueOf(e.getDescription()), e);
        }
    }

    @Override
    public boolean matches(String path) {
        return path.startsWith("/") && path.startsWith(literalStart) && pattern.matches(path);
    }

    @Override
    public PathParameters parameters() {
        return PathParameters.NONE;
    }

    /** The whole literal segments that each path starts with which it takes. */
    @Override
    public String outline() {
        return literalStart.substring(0, Math.max(0, literalStart.lastIndexOf('/')));
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public Kind kind() {
        return Kind.REGEX;
    }

    @Override
    public int segments() {
        return 0;
    }

    @Override
    public int literals() {
        return 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RegexPath that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    private static IllegalArgumentException bad(String text, String mend) {
        return bad(text, mend, null);
    }

    private static IllegalArgumentException bad(String text, String mend, @Nullable Exception cause) {
        return new IllegalArgumentException(
                text + " (expected: re: and a regular expression of the whole path, in the syntax of RE2); " + mend,
                cause);
    }
}
