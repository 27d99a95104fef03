package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.Reading;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.explain.Question;
import dev.sallyport.kernel.explain.RequestExplainer;
import dev.sallyport.kernel.http.AskedListener;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Explains by a configuration: by what is written, or also by its steps, which are made for it. */
final class OfflineExplaining implements Explaining, AutoCloseable {

    private final ResolvedConfig config;
    private final AskedListener listener;
    private final RequestExplainer explainer;
    private final Installation.Offline offline;
    private final @Nullable DeepCheck made;

    private OfflineExplaining(ResolvedConfig config, Installation.Offline offline, @Nullable DeepCheck made) {
        this.config = config;
        this.offline = offline;
        this.made = made;
        listener = AskedListener.offline(config.config());
        explainer = new RequestExplainer(listener);
    }

    /**
     * Reads a configuration. A plugin that is missing is no reason not to explain the way to it.
     *
     * @param deep whether its steps are made
     * @param err hears what is wrong with it
     */
    static OfflineExplaining of(Path file, boolean deep, Consumer<String> err) throws CommandException {
        Installation.Offline offline = Installation.offline(file);
        boolean done = false;
        try {
            Reading reading = offline.reader().read(offline.catalogue(), new ConfigReader.Options(true, Set.of()));
            ResolvedConfig config = reading.config();
            if (config == null) {
                reading.errors().forEach(problem -> err.accept(problem.toString()));
                throw new CommandException("the configuration is not valid");
            }
            DeepCheck made = deep ? DeepCheck.of(config, offline, file) : null;
            if (made != null && made.generation() == null) {
                made.problems().forEach(problem -> err.accept(problem.toString()));
                made.close();
                throw new CommandException("the steps cannot be made");
            }
            done = true;
            return new OfflineExplaining(config, offline, made);
        } finally {
            if (!done) {
                offline.close();
            }
        }
    }

    @Override
    public JsonNode explain(Question question) throws CommandException {
        Generation generation = made == null ? null : made.generation();
        try {
            return generation == null ? explainer.explain(question, config) : explainer.explain(question, generation);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted");
        }
    }

    @Override
    public void close() throws CommandException {
        listener.close();
        if (made != null) {
            made.close();
        }
        offline.close();
    }
}
