package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Limit;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.Store;
import dev.sallyport.api.Store.Take;
import dev.sallyport.api.StoreUnavailableException;
import io.opentelemetry.api.metrics.LongCounter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Takes what each request counts; where that is not there the answer is 429. */
final class RateLimitFilter implements Filter {

    /** What a response says that its request counts is believed up to here. */
    private static final long MOST_CHARGED = 1_000_000_000_000L;

    private final RateLimitConfig config;
    private final Clock clock;
    private final Store store;
    private final Counter counter;
    private final Store local;
    private final Tiers<Policies> tiers;
    private final Tiers<Policies> localTiers;
    private final BucketKey key;
    private final Refusal refusal;
    private final LongCounter degraded;
    private final Pause pause;

    /** Lets a request wait; a test does not. */
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    /**
     * What came of counting a request.
     *
     * @param takes none where nothing was counted
     * @param store where it was counted; null where nowhere
     */
    private record Counted(
            Policies policies,
            List<Limit> limits,
            List<Take> takes,
            boolean passes,
            @Nullable Store store) {}

    RateLimitFilter(
            RateLimitConfig config,
            Clock clock,
            Store store,
            Counter counter,
            Store local,
            Tiers<Policies> tiers,
            Tiers<Policies> localTiers,
            BucketKey key,
            Refusal refusal,
            LongCounter degraded,
            Pause pause) {
        this.config = config;
        this.clock = clock;
        this.store = store;
        this.counter = counter;
        this.local = local;
        this.tiers = tiers;
        this.localTiers = localTiers;
        this.key = key;
        this.refusal = refusal;
        this.degraded = degraded;
        this.pause = pause;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        String tier = tiers.of(request);
        String whose = key.of(request, tier);
        Counted counted = count(request, whose, tier);
        if (counted == null) {
            return Refusal.away(request);
        }
        if (!counted.takes().isEmpty()) {
            request.exchange().note("left", counted.policies().fields().left(counted.takes()));
        }
        if (tier != null) {
            request.exchange().note("tier", tier);
        }
        if (!counted.passes()) {
            return told(refused(request, counted), counted, counted.takes());
        }
        await(request, counted);
        Response response = next.proceed(request);
        return told(response, counted, charged(response, whose, counted));
    }

    /** Null where the store is away, and nothing is to pass then. */
    private @Nullable Counted count(Request request, String whose, @Nullable String tier) {
        Policies policies = tiers.limits(tier);
        List<Limit> limits = policies.at(clock);
        try {
            List<Take> takes = counter.take(whose, limits, policies.smallest(), config.cost());
            return new Counted(policies, limits, takes, passes(takes), store);
        } catch (StoreUnavailableException away) {
            degraded.add(1);
            request.exchange().note("store", "away");
            return switch (config.whenAway()) {
                case PASS -> new Counted(policies, limits, List.of(), true, null);
                case REFUSE -> null;
                case LOCAL -> {
                    Policies part = localTiers.limits(tier);
                    List<Limit> parts = part.at(clock);
                    List<Take> takes = local.take(whose, parts, config.cost());
                    yield new Counted(part, parts, takes, passes(takes), local);
                }
            };
        }
    }

    private static boolean passes(List<Take> takes) {
        for (int i = 0; i < takes.size(); i++) {
            if (!takes.get(i).enough()) {
                return false;
            }
        }
        return true;
    }

    private Response refused(Request request, Counted counted) {
        List<String> violated = new ArrayList<>();
        List<String> allowed = new ArrayList<>();
        long retryAfter = 0;
        List<Policy> all = counted.policies().all();
        for (int i = 0; i < all.size(); i++) {
            Take take = counted.takes().get(i);
            if (!take.enough()) {
                violated.add(all.get(i).name());
                allowed.add(all.get(i).told());
                retryAfter = Math.max(retryAfter, take.retryAfterNanos());
            }
        }
        return refusal.of(request, violated, String.join(" and ", allowed), retryAfter);
    }

    /** The first limit may let a request wait for its turn. */
    private void await(Request request, Counted counted) throws InterruptedException {
        if (!counted.takes().isEmpty() && counted.policies().all().getFirst() instanceof Policy.Bucket bucket) {
            long wait = bucket.waitNanos(counted.takes().getFirst());
            if (wait > 0) {
                request.exchange().note("waitMillis", wait / 1_000_000);
                pause.of(Duration.ofNanos(wait));
            }
        }
    }

    /** Takes what the response says beyond what was taken, whether it is there or not. */
    private List<Take> charged(Response response, String whose, Counted counted) {
        String cost = config.costHeader() == null ? null : response.header(config.costHeader());
        if (cost == null || counted.store() == null) {
            return counted.takes();
        }
        long more = number(cost) - config.cost();
        if (more <= 0) {
            return counted.takes();
        }
        try {
            return counted.store().charge(whose, counted.limits(), more).stream()
                    .map(take -> new Take(true, take.left(), 0, take.fullAfterNanos()))
                    .toList();
        } catch (StoreUnavailableException away) {
            degraded.add(1);
            return counted.takes();
        }
    }

    /** 0 where it is none. */
    private static long number(String text) {
        try {
            return Math.min(MOST_CHARGED, Math.max(0, Long.parseLong(text.strip())));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private Response told(Response response, Counted counted, List<Take> takes) {
        if (takes.isEmpty() || (config.hideFields() && !config.legacyFields())) {
            return response;
        }
        Fields fields = counted.policies().fields();
        var headers = response.headers();
        if (!config.hideFields()) {
            headers = fields.addTo(headers, takes);
        }
        if (config.legacyFields()) {
            headers = fields.addLegacyTo(headers, takes);
        }
        return response.withHeaders(headers);
    }

    /** Asks how much is left, and takes nothing. */
    @Override
    public Explanation explain(Request request) {
        String tier = tiers.of(request);
        Policies policies = tiers.limits(tier);
        String who = key.told(request) + (tier == null ? "" : ", tier " + tier);
        try {
            List<Take> takes = store.take(key.of(request, tier), policies.at(clock), 0);
            long left = policies.fields().left(takes);
            String cost = config.cost() == 1 ? "one" : Long.toString(config.cost());
            return left >= config.cost()
                    ? new Explanation.Passes(request, "takes " + cost + " of the " + left + " that are left for " + who)
                    : config.delay() != null
                            ? new Explanation.Unknown(left + " are left for " + who + "; it may wait for its turn")
                            : new Explanation.Answers(
                                    429, (left == 0 ? "none is" : left + " are") + " left for " + who);
        } catch (StoreUnavailableException away) {
            return new Explanation.Unknown(away.getMessage() + "; what it does then: "
                    + config.whenAway().name().toLowerCase(Locale.ROOT));
        }
    }
}
