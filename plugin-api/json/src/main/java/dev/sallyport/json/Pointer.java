package dev.sallyport.json;

import java.util.ArrayList;
import java.util.List;

/**
 * A JSON Pointer (RFC 6901) with one extension: a step that is {@code *} alone stands for each member and each element, so that
 * a name which is a star is written {@code ~2}.
 *
 * @param steps from the document inwards; none for the document itself
 */
public record Pointer(List<Step> steps) {

    /**
     * One step inwards.
     *
     * @param name of a member, or the index of an element
     * @param any whether it stands for each of them
     */
    public record Step(String name, boolean any) {

        /** Whether it can be the index of an element. */
        public boolean isIndex() {
            return name.equals("0") || name.matches("[1-9][0-9]{0,17}");
        }

        /** Whether it stands for the element after the last one. */
        public boolean isEnd() {
            return !any && name.equals("-");
        }
    }

    /** Copies the list. */
    public Pointer {
        steps = List.copyOf(steps);
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static Pointer parse(String text) {
        if (!text.isEmpty() && text.charAt(0) != '/') {
            throw new IllegalArgumentException(text + " (expected: a JSON pointer such as /user/name); write /" + text);
        }
        List<Step> steps = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String step : text.substring(1).split("/", -1)) {
                steps.add(new Step(name(step, text), step.equals("*")));
            }
        }
        return new Pointer(steps);
    }

    private static String name(String step, String text) {
        StringBuilder name = new StringBuilder(step.length());
        for (int i = 0; i < step.length(); i++) {
            char c = step.charAt(i);
            if (c == '~') {
                char escaped = ++i < step.length() ? step.charAt(i) : 0;
                switch (escaped) {
                    case '0' -> name.append('~');
                    case '1' -> name.append('/');
                    case '2' -> name.append('*');
                    default ->
                        throw new IllegalArgumentException(
                                text + " (expected: after ~ a 0 for ~, a 1 for /, a 2 for *); write ~0 for ~ itself");
                }
            } else {
                name.append(c);
            }
        }
        return name.toString();
    }

    /** The last step. */
    public Step last() {
        return steps.getLast();
    }

    /** The same place with another last name. */
    public Pointer sibling(String name) {
        List<Step> others = new ArrayList<>(steps.subList(0, steps.size() - 1));
        others.add(new Step(name, false));
        return new Pointer(others);
    }

    /** The written form. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            text.append('/')
                    .append(
                            step.any()
                                    ? "*"
                                    : step.name()
                                            .replace("~", "~0")
                                            .replace("/", "~1")
                                            .replace("*", "~2"));
        }
        return text.toString();
    }
}
