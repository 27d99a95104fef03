package dev.sallyport.kernel.config;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** Finds the files of an include's patterns, always in the same order. */
final class IncludeFiles {

    private static final int MOST_DEPTH = 32;

    /** A pattern over a whole disk would take minutes at each change. */
    private static final int MOST_LOOKED_AT = 10_000;

    /** More files and folders than a pattern may look at. */
    static final class TooManyException extends IOException {
        private static final long serialVersionUID = 1;

        TooManyException() {
            super("a pattern that looks at more than " + MOST_LOOKED_AT + " files and folders");
        }
    }

    private IncludeFiles() {}

    /**
     * A pattern taken apart.
     *
     * @param from the folder under which all that it matches lies
     * @param depth how many folders deep
     */
    record Pattern(Path from, PathMatcher matcher, int depth) {

        static Pattern of(Path folder, String pattern) {
            Path start = folder;
            String rest = pattern;
            for (int slash = rest.indexOf('/');
                    slash >= 0 && !isPattern(rest.substring(0, slash));
                    slash = rest.indexOf('/')) {
                start = slash == 0 ? start.resolve("/") : start.resolve(rest.substring(0, slash));
                rest = rest.substring(slash + 1);
            }
            int depth = rest.contains("**")
                    ? MOST_DEPTH
                    : (int) rest.chars().filter(c -> c == '/').count() + 1;
            return new Pattern(
                    start.toAbsolutePath().normalize(), FileSystems.getDefault().getPathMatcher("glob:" + rest), depth);
        }

        boolean matches(Path file) {
            return file.startsWith(from) && matcher.matches(from.relativize(file));
        }
    }

    static boolean isPattern(String name) {
        return name.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }

    /**
     * The regular files of a pattern.
     *
     * @param folder what the pattern is relative to
     * @param watched takes the folders in which a new file may match
     * @throws TooManyException where it would look at very many
     */
    static Set<Path> find(Path folder, String pattern, Collection<Path> watched) throws IOException {
        Pattern glob = Pattern.of(folder, pattern);
        watched.add(glob.from());
        Set<Path> found = new TreeSet<>();
        if (!Files.isDirectory(glob.from())) {
            return found;
        }
        Files.walkFileTree(glob.from(), Set.of(FileVisitOption.FOLLOW_LINKS), glob.depth(), new SimpleFileVisitor<>() {
            private int lookedAt;

            private void count() throws TooManyException {
                if (++lookedAt > MOST_LOOKED_AT) {
                    throw new TooManyException();
                }
            }

            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws TooManyException {
                count();
                watched.add(directory);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws TooManyException {
                count();
                if (attributes.isRegularFile() && glob.matches(file)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                // What cannot be looked into is no reason to serve without what it holds.
                if (e instanceof NoSuchFileException || e instanceof FileSystemLoopException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        return found;
    }
}
