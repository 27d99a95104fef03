package dev.sallyport.plugins.xmljson;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Paths of names as a tree, walked along with a document. Immutable once made, and thread-safe. */
final class Paths {

    private static final String ANY = "*";

    private final Map<String, Paths> below = new HashMap<>();
    private boolean ends;

    /** The tree of some paths. */
    static Paths of(List<String> paths) {
        Paths root = new Paths();
        for (String path : paths) {
            Paths at = root;
            for (String name : path.substring(1).split("/", -1)) {
                at = at.below.computeIfAbsent(name, _ -> new Paths());
            }
            at.ends = true;
        }
        return root.merged();
    }

    /** A star stands for the names too that have paths of their own. */
    private Paths merged() {
        Paths any = below.get(ANY);
        if (any != null) {
            below.forEach((name, other) -> {
                if (!name.equals(ANY)) {
                    other.add(any);
                }
            });
        }
        below.values().forEach(Paths::merged);
        return this;
    }

    private void add(Paths other) {
        ends |= other.ends;
        other.below.forEach(
                (name, more) -> below.computeIfAbsent(name, _ -> new Paths()).add(more));
    }

    /** What is below an element of that name; null for nothing. */
    @Nullable
    Paths below(String name) {
        Paths exact = below.get(name);
        return exact == null ? below.get(ANY) : exact;
    }

    /** What is below an element; null for nothing. */
    static @Nullable Paths in(@Nullable Paths paths, String name) {
        return paths == null ? null : paths.below(name);
    }

    /** Whether one of the paths ends there. */
    static boolean isEnd(@Nullable Paths paths) {
        return paths != null && paths.ends;
    }
}
