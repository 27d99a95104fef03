package dev.sallyport.kernel.canary;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Request;
import dev.sallyport.kernel.config.Canary;
import dev.sallyport.kernel.routing.MatchCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A step and its canary while it is not decided which of them stays: which requests the canary takes, and how both do. It
 * outlives the generations in which neither changes. Thread-safe.
 */
public final class Trial {

    /** Less than this is noise, whatever the ratio. */
    private static final double LEAST_MILLIS = 1;

    private final String name;
    private final Version serving;
    private final Version canary;
    private final Instant since;
    private final Selection selection;
    private final Arm servingArm;
    private final Arm canaryArm;

    /**
     * One of the two.
     *
     * @param fingerprint a digest of its plugin's jar and its settings
     * @param shown how people call it: {@code rate-limit 2.0.0}
     */
    public record Version(String fingerprint, String shown) {}

    private record Selection(Canary config, MatchCondition when, Set<String> consumers) {}

    /**
     * A trial: with the counts of {@code before}, where that one is of the same two versions.
     *
     * @param name {@code <route>/<id of the step>}
     * @param before the trial of that name in the generation before; null where there is none
     */
    public Trial(String name, Version serving, Version canary, Canary config, @Nullable Trial before, Instant now) {
        this.name = name;
        this.serving = serving;
        this.canary = canary;
        selection = new Selection(config, MatchCondition.anyOf(config.when()), Set.copyOf(config.consumers()));
        if (before != null && before.serving.equals(serving) && before.canary.equals(canary)) {
            since = before.since;
            servingArm = before.servingArm;
            canaryArm = before.canaryArm;
        } else {
            since = now;
            servingArm = new Arm();
            canaryArm = new Arm();
        }
    }

    /** {@code <route>/<id of the step>}. */
    public String name() {
        return name;
    }

    /** The version that serves. */
    public Version serving() {
        return serving;
    }

    /** The version on trial. */
    public Version canary() {
        return canary;
    }

    /** What tells this canary from any other. */
    public String fingerprint() {
        return canary.fingerprint();
    }

    /** Since when both have taken requests. */
    public Instant since() {
        return since;
    }

    /** What was configured. */
    public Canary config() {
        return selection.config();
    }

    /** How one of the two does. */
    public Arm arm(boolean ofCanary) {
        return ofCanary ? canaryArm : servingArm;
    }

    /** Whether that request is one for the canary. */
    public boolean takes(Request request) {
        double chance = chance(request);
        return chance >= 100 || (chance > 0 && ThreadLocalRandom.current().nextDouble(100) < chance);
    }

    /** How likely it is, between 0 and 100, that a request is one for the canary: certain, out of the question, or by chance. */
    public double chance(Request request) {
        Canary config = selection.config();
        if ((!config.when().isEmpty() && selection.when().holds(request))
                || (!selection.consumers().isEmpty()
                        && isNamed(request.exchange().consumer()))) {
            return 100;
        }
        if (config.share() == null || config.by() == null) {
            return config.share() == null ? 0 : config.share().value();
        }
        String caller = config.by().value(request);
        return caller != null && place(caller) < config.share().value() ? 100 : 0;
    }

    private boolean isNamed(@Nullable Consumer consumer) {
        if (consumer == null) {
            return false;
        }
        for (String group : consumer.groups()) {
            if (selection.consumers().contains(group)) {
                return true;
            }
        }
        return selection.consumers().contains(consumer.name());
    }

    /**
     * Where a caller stands between 0 and 100: always the same place for one trial, and another one for another, so that not
     * always the same callers are the first. The mixing is the last step of MurmurHash3.
     */
    private double place(String caller) {
        int hash = 31 * name.hashCode() + caller.hashCode();
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        hash ^= hash >>> 16;
        return (hash >>> 1) * 100.0 / (1L << 31);
    }

    /** What the rule says by now; null where there is none, or it does not say anything yet. */
    public @Nullable Verdict judge(Instant now) {
        Canary.Rule rule = selection.config().rule();
        if (rule == null || canaryArm.requests() < rule.after() || servingArm.requests() < rule.after()) {
            return null;
        }
        if (canaryArm.errorRate() > servingArm.errorRate() + rule.errors().value()) {
            return verdict(
                    Verdict.Kind.ROLLED_BACK,
                    "%.1f%% of its requests failed, against %.1f%%",
                    canaryArm.errorRate(),
                    servingArm.errorRate(),
                    now);
        }
        double slow = canaryArm.latencyMillis(0.95);
        double usual = servingArm.latencyMillis(0.95);
        if (slow > usual * rule.latency() && slow > usual + LEAST_MILLIS) {
            return verdict(
                    Verdict.Kind.ROLLED_BACK, "95%% of its requests took %.1f ms, against %.1f ms", slow, usual, now);
        }
        Duration enough = rule.promoteAfter();
        if (enough != null && !now.isBefore(since.plus(enough))) {
            return verdict(
                    Verdict.Kind.PROMOTED,
                    "%.1f%% of its requests failed, against %.1f%%",
                    canaryArm.errorRate(),
                    servingArm.errorRate(),
                    now);
        }
        return null;
    }

    private Verdict verdict(Verdict.Kind kind, String why, double ofCanary, double ofServing, Instant now) {
        return verdict(kind, "rule", String.format(Locale.ROOT, why, ofCanary, ofServing), now);
    }

    /** A verdict on its canary. */
    public Verdict verdict(Verdict.Kind kind, String author, String why, Instant now) {
        return new Verdict(canary.fingerprint(), canary.shown(), kind, author, why, now);
    }
}
