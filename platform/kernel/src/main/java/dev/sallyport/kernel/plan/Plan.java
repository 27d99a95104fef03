package dev.sallyport.kernel.plan;

import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.WrittenConfig;
import dev.sallyport.kernel.lint.Finding;
import dev.sallyport.kernel.recent.RecentRequests;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a change would mean.
 *
 * @param generation the one that serves, with which it is compared
 * @param differences how what is written differs
 * @param others what else changes, in a few words each: plugins that are switched, scripts, decisions on canaries
 * @param through the routes whose chain changes although nothing that is written at them does: by a chain that they use, or
 *     the default steps
 * @param reroutes which recent requests would meet another route
 * @param kept how many filters would live on
 * @param created how many would be made
 * @param warnings what there is to warn of
 * @param findings what lint finds in all of it and nobody has allowed
 */
public record Plan(
        int generation,
        List<Difference> differences,
        List<String> others,
        List<String> through,
        Reroutes reroutes,
        int kept,
        int created,
        List<ConfigProblem> warnings,
        List<Finding> findings) {

    /** Whether anything would change. */
    public boolean isEmpty() {
        return differences.isEmpty() && others.isEmpty() && through.isEmpty();
    }

    /**
     * Compares.
     *
     * @param changes how the parts of both differ, in a few words each, as history tells it
     */
    public static Plan of(
            int generation,
            WrittenConfig oldWritten,
            WrittenConfig nowWritten,
            List<String> changes,
            ResolvedConfig old,
            ResolvedConfig now,
            List<RecentRequests.Seen> requests,
            int kept,
            int created,
            List<ConfigProblem> warnings,
            List<Finding> findings) {
        List<Difference> differences = Differences.between(oldWritten, nowWritten);
        Set<String> parts = differences.stream().map(Difference::part).collect(Collectors.toCollection(TreeSet::new));
        return new Plan(
                generation,
                differences,
                changes.stream()
                        .filter(change -> change.startsWith("plugin ")
                                || change.startsWith("script ")
                                || change.startsWith("canary "))
                        .toList(),
                changes.stream()
                        .filter(change -> change.startsWith("route ") && change.endsWith(" changed"))
                        .map(change -> change.substring(0, change.length() - " changed".length()))
                        .filter(part -> !parts.contains(part))
                        .map(part -> part.substring("route ".length()))
                        .toList(),
                Reroutes.of(requests, old, now),
                kept,
                created,
                warnings,
                findings);
    }
}
