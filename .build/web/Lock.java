import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a package-lock.json pins. npm writes it in one way, a key a line, so that it is read by lines. */
final class Lock {

    private static final Pattern ENTRY = Pattern.compile("    \"(node_modules/[^\"]+)\": \\{");
    private static final Pattern TEXT = Pattern.compile("      \"(version|integrity|license)\": \"([^\"]+)\",?");
    private static final Pattern LIST = Pattern.compile("      \"(os|cpu|libc)\": \\[");
    private static final Pattern ITEM = Pattern.compile("        \"([^\"]+)\",?");

    /**
     * A package.
     *
     * @param folder where it is unpacked, under the project's folder
     * @param integrity such as {@code sha512-…}: what its archive must hash to
     * @param dev whether it only helps to build or to test
     * @param os for which it is; empty for all
     */
    record Package(
            String folder,
            String version,
            String integrity,
            String licence,
            boolean dev,
            List<String> os,
            List<String> cpu,
            List<String> libc) {

        /** As it is called, also where another package brings it along for itself. */
        String name() {
            return folder.substring(folder.lastIndexOf("node_modules/") + "node_modules/".length());
        }

        boolean fits(String system, String processor) {
            return (os.isEmpty() || os.contains(system)) && (cpu.isEmpty() || cpu.contains(processor));
        }
    }

    private Lock() {}

    static List<Package> read(Path file) throws IOException, BuildException {
        List<Package> packages = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            Matcher entry = ENTRY.matcher(lines.get(i));
            if (entry.matches()) {
                int end = i + 1;
                while (!lines.get(end).startsWith("    }")) {
                    end++;
                }
                packages.add(one(file, entry.group(1), lines.subList(i + 1, end)));
            }
        }
        if (packages.isEmpty()) {
            throw new BuildException(file + " has no packages (expected: a file that npm wrote, lockfileVersion 3)");
        }
        return packages;
    }

    private static Package one(Path file, String folder, List<String> lines) throws BuildException {
        String version = "";
        String integrity = "";
        String licence = "";
        List<String> os = new ArrayList<>();
        List<String> cpu = new ArrayList<>();
        List<String> libc = new ArrayList<>();
        List<String> open = new ArrayList<>();
        for (String line : lines) {
            Matcher text = TEXT.matcher(line);
            Matcher list = LIST.matcher(line);
            Matcher item = ITEM.matcher(line);
            if (text.matches()) {
                switch (text.group(1)) {
                    case "version" -> version = text.group(2);
                    case "integrity" -> integrity = text.group(2);
                    default -> licence = text.group(2);
                }
            } else if (list.matches()) {
                open = switch (list.group(1)) {
                    case "os" -> os;
                    case "cpu" -> cpu;
                    default -> libc;
                };
            } else if (item.matches()) {
                open.add(item.group(1));
            } else if (line.startsWith("      ") && !line.startsWith("       ")) {
                open = new ArrayList<>(); // of a key that is nothing to this build
            }
        }
        if (!integrity.startsWith("sha512-")) {
            throw new BuildException(file + ": " + folder + " has no integrity of sha512");
        }
        boolean dev = lines.stream().anyMatch(line -> line.startsWith("      \"dev\": true"));
        return new Package(folder, version, integrity, licence, dev, os, cpu, libc);
    }

    /** The system as npm calls it. */
    static String os() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.contains("win") && !name.contains("darwin")
                ? "win32"
                : name.contains("mac") ? "darwin" : name.contains("linux") ? "linux" : name;
    }

    /** The processor as npm calls it. */
    static String cpu() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x64";
            case "aarch64" -> "arm64";
            case String other -> other;
        };
    }
}
