package dev.sallyport.kernel.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was found in a configuration's files.
 *
 * @param config the configuration; null where there is an error
 * @param problems errors and warnings, by file, line and column
 * @param findings what rules of lint found on the way, likewise; {@code Lint} finds the rest, and heeds what is allowed
 * @param sources where its records came from
 * @param files all files and folders whose change means that it must be read again
 * @param heldBack the includes whose last good content stands in for what is there now
 * @param texts what the files said of which it was made, by name: relative to the main file's folder, with slashes; the
 *     main file first
 * @param included the texts of the includes that may be held back another time, by include and file
 */
public record Reading(
        @Nullable ResolvedConfig config,
        List<ConfigProblem> problems,
        List<ConfigProblem> findings,
        Sources sources,
        Set<Path> files,
        List<String> heldBack,
        Map<String, String> texts,
        Map<String, Map<String, String>> included) {

    /** The problems that refuse the configuration. */
    public List<ConfigProblem> errors() {
        return problems.stream()
                .filter(problem -> problem.severity() == ConfigProblem.Severity.ERROR)
                .toList();
    }
}
