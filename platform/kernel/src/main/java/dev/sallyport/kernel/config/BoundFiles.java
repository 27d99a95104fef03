package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.Beginnings.Beginning;
import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Included files as they were last bound: where one of a hundred teams changes its file, the other ninety-nine are not
 * parsed and bound anew. What a file gives is the same for as long as its text is, unless it refers to variables or other
 * files; those, and files with anything to report, are not kept. Given up where memory is short. Thread-safe.
 */
final class BoundFiles {

    /** More beginnings than that are found anew each time: they would take more memory than they save time. */
    private static final int FEW = 64;

    private final Map<String, SoftReference<Bound>> files = new ConcurrentHashMap<>();

    /** A file that was bound without anything to report. Immutable but for what is remembered of it. */
    static final class Bound {

        private final String text;
        final ConfigNode root;
        final IncludedConfig part;
        final Sources sources;
        private volatile boolean valid;
        private volatile @Nullable TypeCatalog judgedBy;
        private volatile @Nullable ResolvedFile resolved;
        private volatile @Nullable Set<Beginning> beginnings;

        /** @param sources where its records came from, not added to any more */
        Bound(String text, ConfigNode root, IncludedConfig part, Sources sources) {
            this.text = text;
            this.root = root;
            this.part = part;
            this.sources = sources;
        }

        /** Whether it was part of a configuration without errors, so that what it says of itself need not be judged again. */
        boolean isValid() {
            return valid;
        }

        void foundValid() {
            valid = true;
        }

        /** Whether its steps were judged by a catalogue that says the same, and there was nothing to tell. */
        boolean isJudgedLikeBy(TypeCatalog catalog) {
            TypeCatalog judge = judgedBy;
            return judge != null && catalog.judgesLike(judge);
        }

        /** @param catalog null where there was something to tell, which must be told again then */
        void judgedBy(@Nullable TypeCatalog catalog) {
            judgedBy = catalog;
        }

        /** How its routes begin. */
        Set<Beginning> beginnings() {
            Set<Beginning> known = beginnings;
            if (known != null) {
                return known;
            }
            Set<Beginning> all = Beginnings.of(part.routes());
            if (all.size() <= FEW) {
                beginnings = all;
            }
            return all;
        }

        /** What its routes came to in the last configuration without errors; null where that is not known. */
        @Nullable
        ResolvedFile resolved() {
            return resolved;
        }

        void resolvedAs(ResolvedFile file) {
            resolved = file;
        }
    }

    /** What that text of that file gave; null where it must be bound anew. */
    @Nullable
    Bound get(String name, String text) {
        SoftReference<Bound> reference = files.get(name);
        Bound bound = reference == null ? null : reference.get();
        return bound != null && bound.text.equals(text) ? bound : null;
    }

    /** Keeps what a file gave. */
    void keep(String name, Bound bound) {
        files.put(name, new SoftReference<>(bound));
    }

    /** Whether what a text gives depends on nothing but the text. */
    static boolean standsAlone(String text) {
        return !text.contains("${");
    }
}
