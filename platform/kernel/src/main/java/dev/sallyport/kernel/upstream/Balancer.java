package dev.sallyport.kernel.upstream;

import dev.sallyport.kernel.config.UpstreamConfig.Target;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a target for each attempt: smooth weighted round-robin (the algorithm of nginx, commit 52327e0627f4), which
 * spreads the turns of a heavy target among those of the others (weights 5, 1, 1 give {@code a a b a c a a}).
 * Thread-safe; its state belongs to a list of targets and outlives the generations that have the same one.
 */
public final class Balancer {

    private final List<Choice> choices;
    private final URI[] targets;
    private final int[] weights;

    /** How far each target is in credit; the one that is furthest is next. Guarded by this. */
    private final long[] credits;

    private Balancer(List<Choice> choices) {
        this.choices = choices;
        targets = choices.stream().map(Choice::target).toArray(URI[]::new);
        weights = choices.stream().mapToInt(Choice::weight).toArray();
        credits = new long[weights.length];
    }

    /**
     * A balancer over those targets: {@code before}, with its state, where that one is over the same targets and weights.
     *
     * @param before the upstream's balancer in the generation before; null where there is none
     */
    public static Balancer over(List<Target> targets, @Nullable Balancer before) {
        List<Choice> choices = targets.stream()
                .map(target -> new Choice(target.url(), target.weight()))
                .toList();
        return before != null && before.choices.equals(choices) ? before : new Balancer(choices);
    }

    /**
     * The target of the next attempt.
     *
     * @param excluded targets that must not be chosen; those that are left share their turns by weight
     * @return null where none is left
     */
    public @Nullable URI choose(Set<URI> excluded) {
        if (targets.length == 1) {
            return excluded.contains(targets[0]) ? null : targets[0];
        }
        synchronized (this) {
            int best = -1;
            long total = 0;
            for (int i = 0; i < targets.length; i++) {
                if (excluded.isEmpty() || !excluded.contains(targets[i])) {
                    credits[i] += weights[i];
                    total += weights[i];
                    if (best < 0 || credits[i] > credits[best]) {
                        best = i;
                    }
                }
            }
            if (best < 0) {
                return null;
            }
            credits[best] -= total;
            return targets[best];
        }
    }

    /** A target without its place in a file, which changes when a line is added above it. */
    private record Choice(URI target, int weight) {}
}
