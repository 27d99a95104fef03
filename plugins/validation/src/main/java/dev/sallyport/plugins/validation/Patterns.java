package dev.sallyport.plugins.validation;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Patterns whose match costs a bounded time whatever the text: by RE2/J, in linear time; where it cannot express one, by the
 * JDK's matcher, which is stopped after so many steps. The same pattern is compiled once. Thread-safe.
 */
final class Patterns implements RegularExpressionFactory {

    /** How often the JDK's matcher may look at a character: some milliseconds. */
    static final long MOST_STEPS = 1_000_000;

    private final Map<String, RegularExpression> compiled = new ConcurrentHashMap<>();

    @Override
    public RegularExpression getRegularExpression(String regex) {
        RegularExpression known = compiled.get(regex);
        if (known == null) {
            known = compile(regex);
            compiled.put(regex, known);
        }
        return known;
    }

    /**
     * Compiles one.
     *
     * @throws PatternSyntaxException where it is no pattern of ECMA-262
     */
    static RegularExpression compile(String regex) {
        EcmaPattern pattern = EcmaPattern.of(regex, false);
        if (!pattern.needsBacktracking()) {
            try {
                com.google.re2j.Pattern linear = com.google.re2j.Pattern.compile(pattern.text());
                return text -> linear.matcher(text).find();
            } catch (com.google.re2j.PatternSyntaxException beyond) {
                // the JDK may know it
            }
        }
        try {
            Pattern backtracking = Pattern.compile(pattern.text());
            return text -> find(backtracking, text);
        } catch (PatternSyntaxException e) {
            throw new PatternSyntaxException(e.getDescription(), regex, -1);
        }
    }

    private static boolean find(Pattern pattern, String text) {
        try {
            return pattern.matcher(new CountedText(text, new AtomicLong(MOST_STEPS)))
                    .find();
        } catch (StackOverflowError tooDeep) {
            throw new StoppedException(StoppedException.Why.PATTERN);
        }
    }

    /** Counts how often it is looked at, together with its parts. */
    private static final class CountedText implements CharSequence {

        private final CharSequence text;
        private final AtomicLong left;

        CountedText(CharSequence text, AtomicLong left) {
            this.text = text;
            this.left = left;
        }

        @Override
        public char charAt(int index) {
            if (left.getPlain() == 0) {
                throw new StoppedException(StoppedException.Why.PATTERN);
            }
            left.setPlain(left.getPlain() - 1);
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new CountedText(text.subSequence(start, end), left);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
