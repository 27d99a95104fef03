package dev.sallyport.kernel.config;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The main file as it was last parsed: one change asks several questions of it, each of which reads it anew, and what it
 * says stays the same for as long as its text does. Given up where memory is short. Thread-safe.
 */
final class ParsedText {

    private SoftReference<Parsed> last = new SoftReference<>(null);

    private record Parsed(
            String name, String text, @Nullable ConfigNode node, List<ConfigProblem> problems) {}

    /** What a text says; null where a problem was reported. */
    synchronized @Nullable ConfigNode parse(String name, String text, Consumer<ConfigProblem> report) {
        Parsed parsed = last.get();
        if (parsed == null || !parsed.name().equals(name) || !parsed.text().equals(text)) {
            List<ConfigProblem> problems = new ArrayList<>();
            ConfigNode node = new YamlText(name, problems::add).parse(text);
            parsed = new Parsed(name, text, node, List.copyOf(problems));
            last = new SoftReference<>(parsed);
        }
        parsed.problems().forEach(report);
        return parsed.node();
    }
}
