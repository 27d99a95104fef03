package dev.sallyport.kernel.chain;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Request;
import dev.sallyport.kernel.canary.Trial;
import dev.sallyport.kernel.step.StepInstance;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What serves a step of a compiled chain: one filter, or the two of a trial. Looked at, never run. */
public final class ServedStep {

    private final Filter serving;
    private final @Nullable StepInstance instance;
    private final @Nullable StepInstance canary;
    private final @Nullable Trial trial;

    private ServedStep(
            Filter serving, @Nullable StepInstance instance, @Nullable StepInstance canary, @Nullable Trial trial) {
        this.serving = serving;
        this.instance = instance;
        this.canary = canary;
        this.trial = trial;
    }

    /** @param instances those of the place in which it stands */
    static ServedStep of(StepNode step, Set<StepInstance> instances) {
        return new ServedStep(step.filter(), instance(step, instances), null, null);
    }

    static ServedStep of(CanaryNode step, Set<StepInstance> instances) {
        return new ServedStep(
                step.serving().filter(),
                instance(step.serving(), instances),
                instance(step.canary(), instances),
                step.trial());
    }

    @SuppressWarnings("ReferenceEquality") // the very filter
    private static @Nullable StepInstance instance(StepNode step, Set<StepInstance> instances) {
        Filter filter = inner(step.filter());
        return instances.stream()
                .filter(each -> each.filter() == filter)
                .findAny()
                .orElse(null);
    }

    private static Filter inner(Filter filter) {
        return switch (filter) {
            case SkippingFilter skipping -> inner(skipping.filter());
            case MonitoredFilter monitored -> inner(monitored.filter());
            case CanaryNode.Counted counted -> inner(counted.filter());
            default -> filter;
        };
    }

    /** What is tried in it; null where nothing is. */
    public @Nullable Trial trial() {
        return trial;
    }

    /** The version of the plugin that serves it: {@code rate-limit 1.4.0}; null where none does. */
    public @Nullable String version() {
        return instance == null ? null : instance.artefact().toString();
    }

    /**
     * What it says that it would do with a request.
     *
     * @param byCanary whether the canary is asked, where there is one
     */
    public Explanation explain(Request request, boolean byCanary) {
        StepInstance asked = byCanary && canary != null ? canary : instance;
        if (asked != null) {
            return asked.explain(request);
        }
        return serving instanceof MissingPlugin missing ? missing.explain(request) : new Explanation.Unknown("");
    }
}
