package dev.sallyport.kernel.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Turns what a file says into records, the kernel's and the plugins' alike, and reports all that is wrong with it. It
 * remembers classes: keep none for longer than the work takes, so that a plugin's loader can be collected.
 */
public final class Binder {

    private final IdentityHashMap<Object, Shape> shapes = new IdentityHashMap<>();

    /** For one piece of work: it remembers what the types look like that it has met. For one thread at a time. */
    public Binder() {}

    /**
     * Binds a value to a record.
     *
     * @param node what was written
     * @param type the record; see {@link dev.sallyport.api.config} for what it may hold
     * @param key the path of keys of the value, for messages: {@code routes[2].plugins[0].rate-limit}
     * @param folder the main file's folder: the files of places are relative to it
     * @param problems takes errors and warnings
     * @return null where an error was reported
     * @throws IllegalArgumentException where the record has a component that cannot be bound
     */
    public <R extends Record> @Nullable R bind(
            ConfigNode node, Class<R> type, String key, Path folder, Consumer<ConfigProblem> problems) {
        List<ConfigProblem> errors = new ArrayList<>();
        Binding binding = new Binding(folder, false, counted(problems, errors), new Sources());
        Object value =
                shapes.computeIfAbsent(type, first -> RecordShapes.of(type)).bind(node, key, binding);
        return value == null || !errors.isEmpty() ? null : type.cast(value);
    }

    /**
     * Judges a value by the JSON Schema of its type, without any of the plugin's code: in the same words as
     * {@link #bind}, except for what only code can know.
     *
     * @return whether it is without an error
     */
    public boolean judge(ConfigNode node, JsonNode schema, String key, Path folder, Consumer<ConfigProblem> problems) {
        List<ConfigProblem> errors = new ArrayList<>();
        Binding binding = new Binding(folder, false, counted(problems, errors), new Sources());
        Object value =
                shapes.computeIfAbsent(schema, first -> SchemaShapes.of(schema)).bind(node, key, binding);
        return value != null && errors.isEmpty();
    }

    private static Consumer<ConfigProblem> counted(Consumer<ConfigProblem> problems, List<ConfigProblem> errors) {
        return problem -> {
            if (problem.severity() == ConfigProblem.Severity.ERROR) {
                errors.add(problem);
            }
            problems.accept(problem);
        };
    }
}
