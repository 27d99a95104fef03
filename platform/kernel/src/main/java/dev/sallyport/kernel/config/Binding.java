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
}
