package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.GatewayConfig.Match;
import dev.sallyport.kernel.config.GatewayConfig.Route;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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

    /** A host and the first segment of a path, either of which may be {@value #ANY}. */
    record Beginning(String host, String segment) {}

    /** How routes begin: of those of one team, mostly few. */
    static Set<Beginning> of(List<Route> routes) {
        Set<Beginning> all = new HashSet<>();
        routes.forEach(route -> add(route, all));
        return all;
    }

    /** Notes how the routes of a file begin. */
    void add(String file, Set<Beginning> its) {
        for (Beginning each : its) {
            Map<String, String> segments = files.computeIfAbsent(each.host(), name -> new HashMap<>());
            segments.merge(each.segment(), file, Beginnings::both);
            segments.merge(ALL, file, Beginnings::both);
        }
    }

    private static String both(String one, String other) {
        return one.equals(other) ? one : SEVERAL;
    }

    /** Whether a route of another file begins like one of that file's. */
    boolean areShared(String file, Set<Beginning> its) {
        return its.stream().anyMatch(each -> {
            Map<String, String> segments = files.getOrDefault(each.host(), Map.of());
            String others = each.segment().equals(ANY) ? ALL : each.segment();
            return isOther(segments.get(others), file) || isOther(segments.get(ANY), file);
        });
    }

    private static boolean isOther(@Nullable String found, String file) {
        return found != null && !found.equals(file);
    }

    private static void add(Route route, Set<Beginning> all) {
        if (route.match().isEmpty()) {
            all.add(new Beginning(ANY, ANY));
        }
        for (Match match : route.match()) {
            List<String> hosts = match.hosts().isEmpty() ? List.of(ANY) : match.hosts();
            List<String> paths = match.paths().isEmpty() ? List.of(ANY) : match.paths();
            for (String host : hosts) {
                for (String path : paths) {
                    all.add(new Beginning(host(host), segment(path)));
                }
            }
        }
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
        return segment.startsWith("/") && isPlain(segment) ? segment : ANY;
    }

    private static boolean isPlain(String segment) {
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c >= 0x80 || !(Character.isLetterOrDigit(c) || "/-_".indexOf(c) >= 0)) {
                return false;
            }
        }
        return true;
    }
}
