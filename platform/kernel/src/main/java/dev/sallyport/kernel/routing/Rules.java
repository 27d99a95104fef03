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
    private final Map<String, Integer> starts = new HashMap<>();
    private final List<? extends Rule<?>> earlier;
    private final Map<String, Integer> earlierStarts;
    private String file = "";

    /** Where the rules of the next match are among the earlier ones, if they are. */
    private int at;

    private final Map<String, HostPattern> hosts = new HashMap<>();
    private final Map<List<Object>, Conditions> conditions = new HashMap<>();
    private final Map<PathParameters, PathParameters> parameters = new HashMap<>();

    Rules() {
        this(List.of(), Map.of());
    }

    /**
     * @param earlier those of another table: what is the same match in the same file is not read again
     * @param earlierStarts where the rules of each file begin there
     */
    Rules(List<? extends Rule<?>> earlier, Map<String, Integer> earlierStarts) {
        this.earlier = earlier;
        this.earlierStarts = earlierStarts;
    }

    /** Adds those of a match: one for each of its hosts and paths. */
    void add(T route, Match match) {
        String from = match.place().file();
        if (!from.isEmpty() && !from.equals(file)) { // what stands for no match at all is in no file
            file = from;
            starts.putIfAbsent(file, made.size());
            at = earlierStarts.getOrDefault(file, earlier.size());
        }
        if (isEarlier(match)) {
            takeEarlier(route, match);
            return;
        }
        Conditions asked = conditions.computeIfAbsent(
                List.of(match.methods(), match.headers(), match.query()),
                same -> Conditions.of(match.methods(), match.headers(), match.query()));
        List<@Nullable PathPattern> paths = distinct(match.paths(), PathPattern::parse);
        for (HostPattern host : distinct(match.hosts(), name -> hosts.computeIfAbsent(name, HostPattern::parse))) {
            for (PathPattern path : paths) {
                made.add(new Rule<>(route, match, host, path, asked, parametersOf(path), made.size()));
            }
        }
    }

    /** Of one route: what stands for no match at all is the same instance in several. */
    @SuppressWarnings("ReferenceEquality") // the very route, whatever routes are
    private void takeEarlier(T route, Match match) {
        Object before = earlier.get(at).route;
        while (isEarlier(match) && earlier.get(at).route == before) {
            made.add(new Rule<>(route, earlier.get(at++), made.size()));
        }
    }

    @SuppressWarnings("ReferenceEquality") // an equal one may stand elsewhere, and compares slowly
    private boolean isEarlier(Match match) {
        return at < earlier.size() && earlier.get(at).match == match;
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

    /** Where the rules of each file begin. */
    Map<String, Integer> starts() {
        return Map.copyOf(starts);
    }

    /** All of them, in the order in which they were added. */
    List<Rule<T>> made() {
        return List.copyOf(made);
    }
}
