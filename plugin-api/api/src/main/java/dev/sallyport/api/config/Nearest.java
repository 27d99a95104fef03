package dev.sallyport.api.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the name that somebody meant who wrote another. */
final class Nearest {

    private Nearest() {}

    /** {@code did you mean header.x-key?}, or the other words where no name is near. */
    static String mend(String written, Collection<String> names, String otherwise) {
        String nearest = null;
        int least = Math.clamp(written.length() / 3 + 1, 1, 3) + 1;
        for (String name : names) {
            String candidate = fitted(name, written);
            int distance = candidate == null ? least : distance(plain(written), plain(candidate));
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest == null ? otherwise : "did you mean " + nearest + "?";
    }

    /** {@code header.NAME} with the member that was written; null where none was. */
    private static @Nullable String fitted(String name, String written) {
        int dot = name.lastIndexOf('.') + 1;
        if (dot == 0 || !Character.isUpperCase(name.charAt(dot))) {
            return name;
        }
        int member = written.indexOf('.') + 1;
        return member == 0 ? null : name.substring(0, dot) + written.substring(member);
    }

    private static String plain(String name) {
        return (name.length() > 60 ? name.substring(0, 60) : name).toLowerCase(Locale.ROOT);
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
