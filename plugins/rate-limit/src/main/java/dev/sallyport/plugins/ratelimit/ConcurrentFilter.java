package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.Store;
import dev.sallyport.api.Store.Entry;
import dev.sallyport.api.StoreUnavailableException;
import dev.sallyport.api.config.Rate;
import io.opentelemetry.api.metrics.LongCounter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Lets in so many requests at the same time, each until its response has been written; beyond that the answer is 429. */
final class ConcurrentFilter implements Filter {

    /** Nobody can know when the next one is done. */
    private static final long COME_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

    private final RateLimitConfig config;
    private final String name;
    private final Store store;
    private final Store local;
    private final Tiers<Rate> tiers;
    private final BucketKey key;
    private final Refusal refusal;
    private final LongCounter degraded;
    private final Executor leaving;

    private final String gateway = UUID.randomUUID().toString();
    private final AtomicLong number = new AtomicLong();
    private final Map<String, Place> inside = new ConcurrentHashMap<>();

    /**
     * Where a request is inside.
     *
     * @param near whether the store is in this process, so that leaving waits for nobody
     */
    private record Place(Store store, boolean near, String key, Rate limit) {}

    /** @param leaving runs what waits for the store, when the request is over */
    ConcurrentFilter(
            RateLimitConfig config,
            String name,
            Store store,
            Store local,
            Tiers<Rate> tiers,
            BucketKey key,
            Refusal refusal,
            LongCounter degraded,
            Executor leaving) {
        this.config = config;
        this.name = name;
        this.store = store;
        this.local = local;
        this.tiers = tiers;
        this.key = key;
        this.refusal = refusal;
        this.degraded = degraded;
        this.leaving = leaving;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        String tier = tiers.of(request);
        Rate limit = tiers.limits(tier);
        String holder = gateway + "-" + number.getAndIncrement();
        Entry entry =
                enter(request, new Place(store, config.store().equals("memory"), key.of(request, tier), limit), holder);
        if (entry == null) {
            return config.whenAway() == WhenAway.PASS ? next.proceed(request) : Refusal.away(request);
        }
        long left = Math.max(0, limit.amount() - entry.inside());
        request.exchange().note("left", left);
        if (!entry.entered()) {
            return told(refused(request, limit), limit, 0);
        }
        request.exchange().onComplete(completion -> leave(holder));
        return told(next.proceed(request), limit, left);
    }

    /** Null where the store is away and nothing is counted. */
    private @Nullable Entry enter(Request request, Place place, String holder) {
        try {
            return enter(place, holder, place.limit().amount());
        } catch (StoreUnavailableException away) {
            degraded.add(1);
            request.exchange().note("store", "away");
            if (config.whenAway() != WhenAway.LOCAL) {
                return null;
            }
            long part = (long) (place.limit().amount() * config.localShare().value() / 100);
            return enter(new Place(local, true, place.key(), place.limit()), holder, Math.max(1, part));
        }
    }

    private Entry enter(Place place, String holder, long most) {
        Entry entry =
                place.store().enter(place.key(), holder, most, place.limit().per());
        if (entry.entered()) {
            inside.put(holder, place);
        }
        return entry;
    }

    private void leave(String holder) {
        Place place = inside.remove(holder);
        if (place == null) {
            return;
        }
        if (place.near()) {
            leave(place, holder);
        } else {
            try {
                leaving.execute(() -> leave(place, holder));
            } catch (RejectedExecutionException closed) {
                // it leaves when its time is over
            }
        }
    }

    private static void leave(Place place, String holder) {
        try {
            place.store().leave(place.key(), holder);
        } catch (StoreUnavailableException away) {
            // it leaves when its time is over
        }
    }

    /** Those that are still inside stay so. */
    void stay() {
        inside.forEach((holder, place) -> {
            try {
                // Who is inside is let in whatever there is: where the store has lost it, that is mended so.
                place.store()
                        .enter(
                                place.key(),
                                holder,
                                Long.MAX_VALUE,
                                place.limit().per());
                if (!inside.containsKey(holder)) {
                    leave(place, holder); // it left meanwhile
                }
            } catch (StoreUnavailableException away) {
                // the next time
            }
        });
    }

    private Response refused(Request request, Rate limit) {
        return refusal.of(request, List.of(name), limit.amount() + " at the same time", COME_AGAIN_NANOS);
    }

    private Response told(Response response, Rate limit, long left) {
        Headers headers = response.headers();
        if (!config.hideFields()) {
            String policy = Fields.string(name);
            headers = headers.withAdded(
                            "RateLimit-Policy", policy + ";q=" + limit.amount() + ";qu=\"concurrent-requests\"")
                    .withAdded("RateLimit", policy + ";r=" + left);
        }
        if (config.legacyFields()) {
            headers = headers.with("X-RateLimit-Limit", Long.toString(limit.amount()))
                    .with("X-RateLimit-Remaining", Long.toString(left));
        }
        return response.withHeaders(headers);
    }

    @Override
    public Explanation explain(Request request) {
        return new Explanation.Unknown(
                "lets in " + tiers.limits(tiers.of(request)).amount() + " at the same time for " + key.told(request));
    }
}
