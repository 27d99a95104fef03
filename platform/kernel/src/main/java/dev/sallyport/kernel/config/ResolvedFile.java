package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.ResolvedRoute.ResolvedStep;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the routes of an included file came to, without anything to tell, and all that this depends on beside the file:
 * where that is as it was, so are they, and the same instances say so to all who come after.
 *
 * @param defaults the steps in front of every route
 * @param chains the chains that it uses, also by way of others, by name
 * @param catalog by which the upstreams that steps name are found
 * @param off those of its steps that are off, by route
 * @param usedUpstreams the upstreams that it names
 * @param urls the upstreams that it gives as URLs, each once
 */
record ResolvedFile(
        List<ResolvedStep> defaults,
        Map<String, List<Step>> chains,
        TypeCatalog catalog,
        List<ResolvedRoute> routes,
        Map<String, List<ResolvedStep>> off,
        Set<String> usedUpstreams,
        List<Url> urls) {

    /**
     * Where a URL stands in the place of an upstream's name.
     *
     * @param path of its key below the record that stands there
     */
    record Url(Place place, String path) {}

    /** @param upstreams the names that there are now */
    boolean holds(
            List<ResolvedStep> defaultsNow,
            Map<String, List<Step>> chainsNow,
            TypeCatalog catalogNow,
            Set<String> upstreams) {
        return defaults.equals(defaultsNow)
                && chains.entrySet().stream().allMatch(chain -> chain.getValue().equals(chainsNow.get(chain.getKey())))
                && catalogNow.judgesLike(catalog)
                && upstreams.containsAll(usedUpstreams);
    }
}
