package dev.sallyport.kernel.plan;

import java.util.List;

/** A change of a text at one place, as a patch that {@code patch -p0} takes. */
public final class LineDiff {

    private static final int AROUND = 3;

    private LineDiff() {}

    /** The patch; {@code ""} where both are the same. */
    public static String of(String file, String before, String after) {
        return of(file, before, after, before, after);
    }

    /**
     * The same for somebody who may not see all of it. Lines around the change end before one that is shown otherwise than it
     * is, so that the patch can be taken; within the change such lines are as they are shown.
     *
     * @param shownBefore has as many lines as {@code before}, as {@code shownAfter} has as {@code after}
     */
    public static String of(String file, String before, String after, String shownBefore, String shownAfter) {
        if (before.equals(after)) {
            return "";
        }
        List<String> oldShown = lines(shownBefore);
        List<String> nowShown = lines(shownAfter);
        List<String> old = lines(before);
        List<String> now = lines(after);
        int same = same(old, now);
        int tail = 0;
        while (tail < Math.min(old.size(), now.size()) - same
                && old.get(old.size() - 1 - tail).equals(now.get(now.size() - 1 - tail))) {
            tail++;
        }
        int oldEnd = old.size() - tail;
        int nowEnd = now.size() - tail;
        int from = same;
        while (from > Math.max(0, same - AROUND) && old.get(from - 1).equals(oldShown.get(from - 1))) {
            from--;
        }
        int rest = 0;
        while (rest < Math.min(tail, AROUND) && old.get(oldEnd + rest).equals(oldShown.get(oldEnd + rest))) {
            rest++;
        }
        if (from > Math.max(0, same - AROUND)) {
            rest = Math.min(rest, same - from);
        }
        if (rest < Math.min(tail, AROUND)) { // patch takes fewer lines after than before for the end of the file
            from = Math.max(from, same - rest);
        }
        StringBuilder patch = new StringBuilder("--- " + file + "\n+++ " + file + "\n");
        patch.append("@@ -").append(range(from, oldEnd + rest)).append(" +").append(range(from, nowEnd + rest));
        patch.append(" @@\n");
        old.subList(from, same).forEach(line -> add(patch, ' ', line));
        oldShown.subList(same, oldEnd).forEach(line -> add(patch, '-', line));
        nowShown.subList(same, nowEnd).forEach(line -> add(patch, '+', line));
        old.subList(oldEnd, oldEnd + rest).forEach(line -> add(patch, ' ', line));
        return patch.toString();
    }

    /** The first line that differs, 1 for the first. */
    public static int line(String before, String after) {
        return same(lines(before), lines(after)) + 1;
    }

    /** How many lines both begin with. */
    private static int same(List<String> old, List<String> now) {
        int same = 0;
        while (same < Math.min(old.size(), now.size()) && old.get(same).equals(now.get(same))) {
            same++;
        }
        return same;
    }

    private static String range(int from, int to) {
        return (to == from ? from : from + 1) + "," + (to - from);
    }

    private static void add(StringBuilder patch, char sign, String line) {
        patch.append(sign).append(line);
        if (!line.endsWith("\n")) {
            patch.append("\n\\ No newline at end of file\n");
        }
    }

    /** Each with its line feed. */
    private static List<String> lines(String text) {
        return text.isEmpty()
                ? List.of()
                : List.of(text.split("(?<=\n)", -1)).stream()
                        .filter(line -> !line.isEmpty())
                        .toList();
    }
}
