package dev.sallyport.kernel.config;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds what somebody meant who wrote a name that does not exist. */
final class Suggestion {

    private Suggestion() {}

    /** {@code did you mean limit?}, or the other words where no name is near. */
    static String mend(String written, Collection<String> names, String otherwise) {
        String nearest = nearest(written, names);
        return nearest == null ? otherwise : "did you mean " + nearest + "?";
    }

    /** The names in order, for a message: {@code a, b or c}; a long list is cut. */
    static String list(Collection<String> names) {
        if (names.isEmpty()) {
            return "none exists";
        }
        String all = names.stream().sorted().limit(20).collect(Collectors.joining(", "));
        return names.size() > 20 ? all + ", …" : all;
    }

    /** The name that is nearest, where one is near enough to be meant. */
    static @Nullable String nearest(String written, Collection<String> names) {
        String best = null;
        int least = Math.clamp(written.length() / 3 + 1, 1, 3) + 1;
        for (String name : names.stream().sorted().toList()) {
            int distance = distance(plain(written), plain(name));
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best;
    }

    private static String plain(String name) {
        String text = name.length() > 60 ? name.substring(0, 60) : name;
        return text.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** The optimal string alignment distance: inserted, deleted, changed and swapped letters. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
