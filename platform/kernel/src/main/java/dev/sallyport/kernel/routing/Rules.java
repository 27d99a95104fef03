package dev.sallyport.kernel.routing;

import dev.sallyport.kernel.config.GatewayConfig.Match;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        Set<@Nullable HostPattern> ownHosts = new LinkedHashSet<>();
        for (String host : match.hosts()) {
            ownHosts.add(hosts.computeIfAbsent(host, HostPattern::parse));
        }
        Set<@Nullable PathPattern> paths = new LinkedHashSet<>();
        for (String path : match.paths()) {
            paths.add(PathPattern.parse(path));
        }
        if (ownHosts.isEmpty()) {
            ownHosts.add(null);
        }
        if (paths.isEmpty()) {
            paths.add(null);
        }
        for (HostPattern host : ownHosts) {
            for (PathPattern path : paths) {
                made.add(new Rule<>(route, host, path, asked, parametersOf(path), made.size()));
            }
        }
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
