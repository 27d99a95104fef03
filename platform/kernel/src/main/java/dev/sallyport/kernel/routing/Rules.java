package dev.sallyport.kernel.routing;

import dev.sallyport.kernel.config.GatewayConfig.Match;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the rules of a table from matches. What many of them say alike they share: it takes less memory, and is near at
 * hand when it is asked for. For one thread.
 */
final class Rules<T> {

    private final List<Rule<T>> made = new ArrayList<>();
    private final Map<String, HostPattern> hosts = new HashMap<>();
    private final Map<List<Object>, Conditions> conditions = new HashMap<>();
    private final Map<PathParameters, PathParameters> parameters = new HashMap<>();

    /** Adds those of a match: one for each of its hosts and paths. */
    void add(T route, Match match) {
        Conditions asked = conditions.computeIfAbsent(
                List.of(match.methods(), match.headers(), match.query()),
                same -> Conditions.of(match.methods(), match.headers(), match.query()));
        List<@Nullable PathPattern> paths = distinct(match.paths(), PathPattern::parse);
        for (HostPattern host : distinct(match.hosts(), name -> hosts.computeIfAbsent(name, HostPattern::parse))) {
            for (PathPattern path : paths) {
                made.add(new Rule<>(route, host, path, asked, parametersOf(path), made.size()));
            }
        }
    }

    /** What each text says, once; null alone where there are none, which means any. */
    private static <V> List<@Nullable V> distinct(List<String> texts, Function<String, V> meaning) {
        return switch (texts.size()) {
            case 0 -> Collections.singletonList(null);
            case 1 -> List.of(meaning.apply(texts.getFirst()));
            default -> texts.stream().map(meaning).distinct().toList();
        };
    }

    private PathParameters parametersOf(@Nullable PathPattern path) {
        PathParameters own = path == null ? PathParameters.NONE : path.parameters();
        PathParameters known = parameters.putIfAbsent(own, own);
        return known == null ? own : known;
    }

    /** All of them, in the order in which they were added. */
    List<Rule<T>> made() {
        return List.copyOf(made);
    }
}
