import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The licences of the packages whose code is in the site, to be shipped with it. */
final class Licences {

    /** Those that code in the product may have; the same as for its libraries in Java, and ISC, which says what MIT does. */
    private static final Set<String> FREE = Set.of("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "ISC", "MIT");

    private final Path modules;

    Licences(Path modules) {
        this.modules = modules;
    }

    /**
     * Their texts, one after another.
     *
     * @throws BuildException where one is not free
     */
    String of(List<Lock.Package> packages) throws IOException, BuildException {
        StringBuilder all = new StringBuilder("Packages in the console, and their licences\n");
        for (Lock.Package each : packages) {
            if (each.dev()) {
                continue;
            }
            if (!FREE.contains(each.licence())) {
                throw new BuildException(
                        each.name() + " has the licence " + each.licence() + " (expected: one of " + FREE + ")");
            }
            all.append("\n----\n")
                    .append(each.name())
                    .append(' ')
                    .append(each.version())
                    .append(", ")
                    .append(each.licence());
            all.append("\n\n").append(text(modules.resolve(each.folder().substring("node_modules/".length()))));
        }
        return all.toString();
    }

    private static String text(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Path file = files.filter(each -> each.getFileName()
                            .toString()
                            .toUpperCase(java.util.Locale.ROOT)
                            .matches("LICEN[CS]E.*"))
                    .findFirst()
                    .orElse(null);
            return file == null ? "" : Files.readString(file);
        }
    }
}
