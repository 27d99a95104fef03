package dev.sallyport.kernel.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the routes that an earlier configuration has too, as the same instances: where one file of a hundred has changed,
 * those of all the others. It asks no map for each, which takes longer with very many than what is saved by it. For one
 * thread.
 */
public final class SameRoutes {

    private final List<ResolvedRoute> before;
    private final Map<String, Integer> starts = new HashMap<>();
    private String file = "";
    private int at;

    /** @param before the routes of the earlier configuration, in its order */
    public SameRoutes(List<ResolvedRoute> before) {
        this.before = before;
        String last = "";
        for (int i = 0; i < before.size(); i++) {
            String its = file(before.get(i));
            if (!its.equals(last)) {
                starts.putIfAbsent(its, i);
                last = its;
            }
        }
    }

    /**
     * Where that route is among the earlier ones; -1 where it is not known to be there.
     *
     * @param route to be asked for in the order of the configuration
     */
    @SuppressWarnings("ReferenceEquality") // to compare what they say takes as long as to make it anew
    public int find(ResolvedRoute route) {
        String its = file(route);
        if (!its.equals(file)) {
            file = its;
            at = starts.getOrDefault(its, before.size());
        }
        return at < before.size() && before.get(at) == route ? at++ : -1;
    }

    private static String file(ResolvedRoute route) {
        return route.route().place().file();
    }
}
