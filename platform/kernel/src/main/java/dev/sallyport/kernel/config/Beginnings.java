package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.GatewayConfig.Match;
import dev.sallyport.kernel.config.GatewayConfig.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which routes of different files could take the same request, by nothing but how hosts and paths begin as they are
 * written: teams have their own, as a rule, and then very many routes need not be compared. Where it is in doubt they
 * could.
 */
final class Beginnings {

    /** More than one file. */
    private static final String SEVERAL = "";

    /** Of hosts in doubt, and of paths. */
    private static final String ANY = "*";

    /** Of all segments of a host, beside those of each. */
    private static final String ALL = "";

    /** The file of each host and first segment. */
    private final Map<String, Map<String, String>> files = new HashMap<>();

    void add(Route route) {
        String file = route.place().file();
        ofEach(route, (host, segment) -> {
            Map<String, String> segments = files.computeIfAbsent(host, name -> new HashMap<>());
            segments.merge(segment, file, Beginnings::both);
            segments.merge(ALL, file, Beginnings::both);
            return false;
        });
    }

    private static String both(String one, String other) {
        return one.equals(other) ? one : SEVERAL;
    }

    /** Whether a route of another file begins like that one. */
    boolean areShared(Route route) {
        String file = route.place().file();
        return ofEach(route, (host, segment) -> {
            Map<String, String> segments = files.getOrDefault(host, Map.of());
            String others = segment.equals(ANY) ? ALL : segment;
            return isOther(segments.get(others), file) || isOther(segments.get(ANY), file);
        });
    }

    private static boolean isOther(@Nullable String found, String file) {
        return found != null && !found.equals(file);
    }

    /** Whether it holds for any of the route's hosts and first segments. */
    private static boolean ofEach(Route route, BiPredicate<String, String> test) {
        if (route.match().isEmpty()) {
            return test.test(ANY, ANY);
        }
        boolean any = false;
        for (Match match : route.match()) {
            List<String> hosts = match.hosts().isEmpty() ? List.of(ANY) : match.hosts();
            List<String> paths = match.paths().isEmpty() ? List.of(ANY) : match.paths();
            for (String host : hosts) {
                for (String path : paths) {
                    any |= test.test(host(host), segment(path));
                }
            }
        }
        return any;
    }

    /** Two names of one host are the same here; matches of different hosts are never equally specific. */
    private static String host(String written) {
        if (written.indexOf(':') >= 0 || written.indexOf('[') >= 0) {
            return "[";
        }
        String name = written.toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static String segment(String path) {
        int end = path.indexOf('/', 1);
        String segment = end < 0 ? path : path.substring(0, end);
        boolean plain =
                segment.chars().allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || "/-_".indexOf(c) >= 0));
        return plain && segment.startsWith("/") ? segment : ANY;
    }
}
