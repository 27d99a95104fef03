package dev.sallyport.kernel.balance;

import dev.sallyport.api.Request;
import dev.sallyport.kernel.config.BalanceConfig;
import dev.sallyport.kernel.config.ConcurrencyConfig;
import dev.sallyport.kernel.config.Discover;
import dev.sallyport.kernel.config.HealthConfig;
import dev.sallyport.kernel.config.OutliersConfig;
import dev.sallyport.kernel.config.StatusRange;
import dev.sallyport.kernel.config.UpstreamConfig;
import dev.sallyport.kernel.config.UpstreamConfig.Panic;
import dev.sallyport.kernel.config.UpstreamConfig.Target;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The targets of an upstream, one of which is chosen for each attempt. Its list may change while it serves, and so may the
 * state of each target; a choice costs no lock for that. Thread-safe.
 *
 * <p>It outlives generations where what the upstream says of its targets is unchanged. Otherwise a new one takes its place,
 * and targets that are in both keep their counts, their health and their ejection.
 */
public final class TargetGroup {

    private final String upstream;
    private final Settings settings;
    private final Family family;
    private final Policy policy;
    private final LongSupplier clock;
    private final @Nullable AdaptiveConcurrency concurrency;
    private volatile List<Member> members = List.of();
    private volatile View view;
    private volatile Runnable onUpdate = () -> {};

    /** What is written of an upstream that matters here, without places, which change when a line is added above. */
    private record Settings(
            List<Choice> targets,
            @Nullable Discover discover,
            BalanceConfig balance,
            @Nullable HealthConfig health,
            @Nullable OutliersConfig outliers,
            Panic panic,
            @Nullable Duration slowStart,
            @Nullable Integer maxRequests,
            @Nullable ConcurrencyConfig adaptiveConcurrency) {

        static Settings of(UpstreamConfig config) {
            return new Settings(
                    choices(config.targets()),
                    config.discover(),
                    config.balance(),
                    config.health(),
                    config.outliers(),
                    config.panic(),
                    config.slowStart(),
                    config.maxRequests(),
                    config.adaptiveConcurrency());
        }

        private static List<Choice> choices(List<Target> targets) {
            return targets.stream()
                    .map(target -> new Choice(target.url(), target.weight(), target.backup()))
                    .toList();
        }
    }

    private record Choice(URI url, int weight, boolean backup) {}

    private TargetGroup(
            String upstream, Settings settings, @Nullable TargetGroup before, byte[] stickyKey, LongSupplier clock) {
        this.upstream = upstream;
        this.settings = settings;
        this.clock = clock;
        family = before == null ? new Family() : before.family;
        policy = policy(stickyKey);
        concurrency = concurrency(settings.adaptiveConcurrency(), before, clock.getAsLong());
        view = View.of(List.of(), settings.panic(), 0, family.changes(), clock.getAsLong());
        take(settings.targets(), before == null);
    }

    private static @Nullable AdaptiveConcurrency concurrency(
            @Nullable ConcurrencyConfig config, @Nullable TargetGroup before, long now) {
        if (config == null) {
            return null;
        }
        AdaptiveConcurrency known = before == null ? null : before.concurrency;
        return known != null && known.config().equals(config) ? known : new AdaptiveConcurrency(config, now);
    }

    private Policy policy(byte[] stickyKey) {
        return switch (settings.balance()) {
            case BalanceConfig.RoundRobin _ -> new RoundRobin(family);
            case BalanceConfig.Random _ -> (targets, request) -> targets.random();
            case BalanceConfig.LeastRequests _ -> new LeastRequests();
            case BalanceConfig.ConsistentHash hash -> new ConsistentHash(hash.by(), hash.bound(), family);
            case BalanceConfig.Sticky sticky -> new Sticky(sticky, stickyKey, upstream, family);
        };
    }

    /**
     * The targets of an upstream: {@code before}, where what is written of them is the same.
     *
     * @param before the upstream's group in the generation before; null where there is none
     * @param stickyKey what cookies are made with that lead back to a target
     * @param clock as {@link System#nanoTime}
     */
    static TargetGroup over(
            String upstream,
            UpstreamConfig config,
            @Nullable TargetGroup before,
            byte[] stickyKey,
            LongSupplier clock) {
        Settings settings = Settings.of(config);
        return before != null && before.settings.equals(settings)
                ? before
                : new TargetGroup(upstream, settings, before, stickyKey, clock);
    }

    /** From now on these are its targets; those that it had stay what they are. */
    public void update(List<Target> targets) {
        synchronized (this) {
            take(Settings.choices(targets), members.isEmpty());
            forgetOthers();
        }
        onUpdate.run();
    }

    private synchronized void take(List<Choice> choices, boolean first) {
        long now = clock.getAsLong();
        Map<URI, Member> taken = new LinkedHashMap<>();
        for (Choice choice : choices) {
            LiveTarget target = family.target(choice.url(), now, first);
            String token = policy instanceof Sticky sticky ? sticky.token(choice.url()) : null;
            Member member = new Member(target, choice.weight(), choice.backup(), token);
            // One that is listed twice has the weight of both.
            taken.merge(
                    choice.url(),
                    member,
                    (one, two) -> new Member(target, one.weight() + two.weight(), one.backup() && two.backup(), token));
        }
        members = List.copyOf(taken.values());
        family.changed();
    }

    /** Calls back after each {@link #update}; one listener. */
    void onUpdate(Runnable listener) {
        onUpdate = listener;
    }

    /** The upstream's name. */
    public String upstream() {
        return upstream;
    }

    /** How a target is chosen, as it is written. */
    public BalanceConfig balance() {
        return settings.balance();
    }

    /** How its targets are asked whether they are well; null where they are not. */
    @Nullable
    HealthConfig health() {
        return settings.health();
    }

    /** Whether they are. */
    public boolean isChecked() {
        return settings.health() != null;
    }

    /** Its targets now. */
    public List<LiveTarget> targets() {
        return members.stream().map(Member::target).toList();
    }

    /** What is known of targets that it does not have any more is forgotten. */
    void forgetOthers() {
        family.retain(Set.copyOf(targets()));
    }

    private View view() {
        View now = view;
        if (now.isCurrent(family.changes(), clock)) {
            return now;
        }
        int changes = family.changes();
        long slowStart = settings.slowStart() == null ? 0 : settings.slowStart().toNanos();
        View fresh = View.of(members, settings.panic(), slowStart, changes, clock.getAsLong());
        view = fresh;
        return fresh;
    }

    /**
     * The target of the next attempt.
     *
     * @param refused those that must not be chosen
     * @return null where none is left
     */
    public @Nullable LiveTarget choose(Request request, Set<LiveTarget> refused) {
        View now = view();
        View left = refused.isEmpty() ? now : now.without(refused);
        return left.size() == 0 ? null : left.target(left.size() == 1 ? 0 : policy.choose(left, request));
    }

    /**
     * The target that {@link #choose} would choose, where the request alone decides it or there is only one; null where turns,
     * chance or load decide. Nothing is changed by asking.
     */
    public @Nullable LiveTarget foresee(Request request) {
        View now = view();
        if (now.size() < 2) {
            return now.size() == 0 ? null : now.target(0);
        }
        int index = policy.foresee(now, request);
        return index < 0 ? null : now.target(index);
    }

    /**
     * The targets of an upstream that nobody uses: all of them well, and none busy. Those that a cookie leads to are known only
     * where the configuration has the key of its cookies.
     */
    public static TargetGroup atRest(String upstream, UpstreamConfig config) {
        byte[] key = config.balance() instanceof BalanceConfig.Sticky sticky && sticky.key() != null
                ? sticky.key().value().getBytes(StandardCharsets.UTF_8)
                : new byte[1];
        return over(upstream, config, null, key, System::nanoTime);
    }

    /** Whether there may be one more request. */
    public boolean hasRoom() {
        Integer most = settings.maxRequests();
        return most == null || family.inFlight().get() < most;
    }

    /** How many requests may wait for an answer; null where nothing is found out about that. */
    public @Nullable AdaptiveConcurrency concurrency() {
        return concurrency;
    }

    /** Whether none of its targets is well as far as it knows. */
    public boolean isNoneWell() {
        return view().isNoneWell();
    }

    /** When the first may be used again; zero where that is not known. */
    public Duration retryAfter() {
        return Duration.ofNanos(view().lasts());
    }

    /** The value of {@code Set-Cookie} that leads the client back to that target; null where it needs none. */
    public @Nullable String setCookie(Request request, LiveTarget target) {
        if (policy instanceof Sticky sticky) {
            for (Member member : members) {
                if (member.target() == target && member.token() != null) {
                    return sticky.setCookie(request, member.token());
                }
            }
        }
        return null;
    }

    /**
     * A target has answered.
     *
     * @return whether that is no failure by itself: then {@link #succeeded} or {@link #failed} is to follow, once it is known
     *     whether the answer comes to its end
     */
    public boolean answered(LiveTarget target, int status) {
        OutliersConfig outliers = settings.outliers();
        if (outliers != null) {
            for (StatusRange failure : outliers.statuses()) {
                if (failure.has(status)) {
                    failed(target, "status " + status);
                    return false;
                }
            }
        }
        return true;
    }

    /** A target has done what it was asked to do. */
    public void succeeded(LiveTarget target) {
        OutliersConfig outliers = settings.outliers();
        if (outliers != null) {
            target.succeeded(outliers, clock.getAsLong());
        }
    }

    /** A target has failed: it is ejected where that was once too often, and not too many are. */
    public void failed(LiveTarget target, String why) {
        OutliersConfig outliers = settings.outliers();
        long now = clock.getAsLong();
        if (!target.failed(why, outliers, now) || outliers == null) {
            return;
        }
        synchronized (this) {
            List<Member> all = members;
            long ejected = all.stream()
                    .filter(member -> member.target().ejectedUntil() - now > 0)
                    .count();
            if (target.ejectedUntil() - now <= 0
                    && 100.0 * (ejected + 1) <= outliers.maxEjected().value() * all.size()) {
                target.eject(outliers, now);
            }
        }
    }

    /** How each of its targets does. */
    public List<State> states() {
        View now = view();
        Map<LiveTarget, Long> weights = new LinkedHashMap<>();
        for (int i = 0; i < now.size(); i++) {
            weights.put(now.target(i), now.weight(i));
        }
        List<State> states = new ArrayList<>();
        long time = clock.getAsLong();
        for (Member member : members) {
            LiveTarget target = member.target();
            long back = target.ejectedUntil() - time;
            states.add(new State(
                    target.url(),
                    member.weight(),
                    member.backup(),
                    weights.getOrDefault(target, 0L) / 1000.0,
                    target.isHealthy(),
                    back > 0 ? Duration.ofNanos(back) : null,
                    target.ejections(),
                    target.inFlight(),
                    target.picks(),
                    target.lastFailure()));
        }
        return states;
    }

    /** Whether so few targets are well that all are used. */
    public boolean isPanic() {
        return view().isPanic();
    }

    /**
     * How a target does.
     *
     * @param weightNow what it counts for now; 0 where it is not used
     * @param healthy what checks say
     * @param ejectedFor how long it is still ejected; null where it is not
     * @param ejections how often it was
     */
    public record State(
            URI url,
            int weight,
            boolean backup,
            double weightNow,
            boolean healthy,
            @Nullable Duration ejectedFor,
            int ejections,
            int inFlight,
            long picks,
            LiveTarget.@Nullable Failure lastFailure) {}
}
