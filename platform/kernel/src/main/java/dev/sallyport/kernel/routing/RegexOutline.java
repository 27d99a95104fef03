package dev.sallyport.kernel.routing;

import java.util.ArrayDeque;
import java.util.Deque;

/** What can be said of a regular expression from its text, without compiling it. Errs on the safe side. */
final class RegexOutline {

    private static final String META = "\\.[]{}()*+?|^$";

    private RegexOutline() {}

    /**
     * The characters that each match starts with; {@code ""} where that is not plain to see, as with a {@code |} outside
     * of groups.
     */
    static String literalStart(String regex) {
        int depth = 0;
        boolean set = false;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '\\') {
                i++;
            } else if (set) {
                set = c != ']';
            } else if (c == '[') {
                set = true;
                i += regex.startsWith("^]", i + 1) ? 2 : regex.startsWith("]", i + 1) ? 1 : 0;
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == '|' && depth <= 0) {
                return "";
            }
        }
        int from = regex.startsWith("^") ? 1 : 0;
        int to = from;
        while (to < regex.length() && META.indexOf(regex.charAt(to)) < 0) {
            to++;
        }
        boolean lastRepeats = to < regex.length() && "*?{".indexOf(regex.charAt(to)) >= 0;
        return regex.substring(from, lastRepeats && to > from ? to - 1 : to);
    }

    /** How many instructions it has once its counted repetitions are written out, about; never far too few. */
    static long size(String regex) {
        Deque<Long> outer = new ArrayDeque<>();
        long sum = 0;
        long last = 0;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            switch (c) {
                case '(' -> {
                    outer.push(sum);
                    sum = 0;
                    last = 0;
                }
                case ')' -> {
                    last = sum + 2;
                    sum = (outer.isEmpty() ? 0 : outer.pop()) + last;
                }
                case '[' -> {
                    int end = regex.indexOf(']', i + 2);
                    i = end < 0 ? i : end;
                    last = 1;
                    sum++;
                }
                case '{' -> {
                    int end = regex.indexOf('}', i);
                    long times = end < 0 ? 1 : count(regex.substring(i + 1, end));
                    sum = Math.min(Integer.MAX_VALUE, sum - last + last * times);
                    last = Math.min(Integer.MAX_VALUE, last * times);
                    i = end < 0 ? i : end;
                }
                default -> {
                    i += c == '\\' ? 1 : 0;
                    last = "*+?".indexOf(c) >= 0 ? last + 1 : 1;
                    sum++;
                }
            }
        }
        while (!outer.isEmpty()) {
            sum += outer.pop();
        }
        return sum;
    }

    private static long count(String bounds) {
        long most = 1;
        for (String bound : bounds.split(",", -1)) {
            if (bound.length() <= 4 && bound.matches("\\d+")) {
                most = Math.max(most, Long.parseLong(bound));
            }
        }
        return most;
    }
}
