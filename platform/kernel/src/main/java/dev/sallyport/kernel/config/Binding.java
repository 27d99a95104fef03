package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.ConfigProblem.Severity;
import java.nio.file.Path;
import java.util.function.Consumer;

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
        report(Severity.ERROR, record, path, value, rest);
    }

    /** The same as {@link #refuse}, as a warning. */
    void warn(Place record, String path, Object value, String rest) {
        report(Severity.WARNING, record, path, value, rest);
    }

    private void report(Severity severity, Place record, String path, Object value, String rest) {
        ConfigNode node = sources.node(record, path);
        String shown = node instanceof ConfigNode.Scalar scalar ? scalar.shown() : value.toString();
        String key = Sources.join(sources.key(record), path);
        problems.accept(new ConfigProblem(
                severity,
                node == null ? record : node.place(),
                key,
                shown + (node == null ? rest : Tainted.hide(rest, node))));
    }
}
