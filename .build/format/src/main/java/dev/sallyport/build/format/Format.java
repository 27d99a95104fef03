package dev.sallyport.build.format;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code Format check|apply <root>}: all {@code .java} files below the root, except what was generated. */
final class Format {
    private static final Set<String> SKIPPED = Set.of("target", "resources", ".git", ".idea", "node_modules");
    private static final Pattern STAR_IMPORT = Pattern.compile("(?m)^import .*\\*;");

    private final Formatter formatter = Formatter.createFormatter(
            JavaFormatterOptions.builder().style(Style.PALANTIR).build());
    private final Path root;
    private final boolean apply;

    private Format(Path root, boolean apply) {
        this.root = root;
        this.apply = apply;
    }

    public static void main(String[] args) throws IOException {
        var format = new Format(Path.of(args[1]).toRealPath(), args[0].equals("apply"));
        var complaints = format.sources().parallelStream()
                .flatMap(format::complaints)
                .sorted()
                .toList();
        complaints.forEach(System.err::println);
        if (!complaints.isEmpty()) {
            System.err.println("Format with: ./mvnw -q verify -pl .build/format -Dformat=apply");
            System.exit(1);
        }
    }

    private List<Path> sources() throws IOException {
        var sources = new ArrayList<Path>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return SKIPPED.contains(directory.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".java")) {
                    sources.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return sources;
    }

    private Stream<String> complaints(Path file) {
        var name = root.relativize(file);
        try {
            var source = Files.readString(file);
            var formatted = formatter.formatSourceAndFixImports(source);
            var complaints = new ArrayList<String>();
            if (STAR_IMPORT.matcher(source).find()) {
                complaints.add(name + ": a star import: name each class");
            }
            if (!formatted.equals(source)) {
                if (apply) {
                    Files.writeString(file, formatted);
                } else {
                    complaints.add(name + ": not formatted");
                }
            }
            return complaints.stream();
        } catch (FormatterException e) {
            // The formatter knows `var _` but not yet a bare `_` inside a record pattern.
            return e.diagnostics().stream()
                    .map(d -> name + ":" + d + (d.message().contains("'_'") ? " (write `var _`)" : ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
