package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.ConfigProblem.Severity;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What binding a value needs beside the value.
 *
 * @param folder the main file's: the files of places are relative to it
 * @param lenient whether a value that is refused counts as not given, so that what surrounds it is still judged; its
 *     problem is reported either way
 * @param problems takes what is wrong
 * @param sources learns where records that know their place came from
 */
record Binding(Path folder, boolean lenient, Consumer<ConfigProblem> problems, Sources sources) {

    void error(Place place, String key, String message) {
        problems.accept(new ConfigProblem(Severity.ERROR, place, key, message));
    }

    void warning(Place place, String key, String message) {
        problems.accept(new ConfigProblem(Severity.WARNING, place, key, message));
    }

    /**
     * Reports a value of a record that is bound already.
     *
     * @param record where the record stands
     * @param path the path of keys below it; {@code ""} for all of it
     * @param value the value, shown where the file does not say it itself
     * @param rest what was expected and the mend
     */
    void refuse(Place record, String path, Object value, String rest) {
        report(Severity.ERROR, record, path, value, rest, null);
    }

    /**
     * The same as {@link #refuse}, where it is another record with which this one cannot stand: a mend of either will do.
     *
     * @param other where that one stands
     */
    void clash(Place record, String path, Object value, Place other, String rest) {
        refuse(record, path, value, rest);
        ConfigNode node = sources.node(record, path);
        sources.clash(node == null ? record : node.place(), other);
    }

    /**
     * Refuses a name that another record of its kind has.
     *
     * @param what the kind, in words
     * @param seen the names so far, with their records; it becomes one of them
     */
    void once(String what, String name, Place record, Map<String, Place> seen) {
        Place first = seen.putIfAbsent(name, record);
        if (first != null) {
            clash(
                    record,
                    "name",
                    name,
                    first,
                    " (expected: one name each; the " + what + " at " + first + " has it); change one");
        }
    }

    /** A route's name as it is written: one that comes from a secret is refused, and not shown meanwhile. */
    String shownName(GatewayConfig.Route route) {
        ConfigNode written = sources.node(route.place(), "name");
        return written == null ? route.name() : written.shown();
    }

    /** The same as {@link #refuse}, as a finding of lint. */
    void find(LintRule rule, Place record, String path, Object value, String rest) {
        report(Severity.WARNING, record, path, value, rest, rule);
    }

    /** Reports a finding of lint. */
    void find(LintRule rule, Place place, String key, String message) {
        problems.accept(new ConfigProblem(Severity.WARNING, place, key, message, rule));
    }

    private void report(
            Severity severity, Place record, String path, Object value, String rest, @Nullable LintRule rule) {
        ConfigNode node = sources.node(record, path);
        String shown = node instanceof ConfigNode.Scalar scalar ? scalar.shown() : value.toString();
        String key = Sources.join(sources.key(record), path);
        problems.accept(new ConfigProblem(
                severity,
                node == null ? record : node.place(),
                key,
                shown + (node == null ? rest : Tainted.hide(rest, node)),
                rule));
    }
}
