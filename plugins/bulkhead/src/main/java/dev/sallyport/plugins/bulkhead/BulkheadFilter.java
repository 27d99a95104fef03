package dev.sallyport.plugins.bulkhead;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Expression;
import io.opentelemetry.api.metrics.LongCounter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets so many requests be under way, from here to the last byte of their responses. */
final class BulkheadFilter implements Filter {

    private static final Problem FULL = new Problem(503, "bulkhead-full", "Too many requests at a time");

    private final Places places;
    private final @Nullable Expression by;
    private final int concurrent;
    private final LongCounter refused;

    /** Left on an exchange that has its place: tried again by a step further out, it needs no other one. */
    private final Attribute<Boolean> inside;

    BulkheadFilter(BulkheadConfig config, FilterContext context) {
        places = new Places(config);
        by = config.by();
        concurrent = config.concurrent();
        inside = Attribute.of(context.key(), Boolean.class);
        refused = context.meter()
                .counterBuilder("sallyport.bulkhead.refused")
                .setDescription("Requests that were refused, since too many were under way.")
                .build();
        context.meter()
                .gaugeBuilder("sallyport.bulkhead.requests")
                .ofLongs()
                .setDescription("Requests that are under way.")
                .buildWithCallback(now -> now.record(places.inside()));
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Exchange exchange = request.exchange();
        if (exchange.get(inside) != null) {
            return next.proceed(request);
        }
        Runnable giveBack = places.take(key(request));
        if (giveBack == null) {
            refused.add(1);
            exchange.note("bulkhead", "full");
            return FULL.withDetail("As many are under way as may be. Try again in a moment.")
                    .toResponse(request)
                    .withHeader("retry-after", "1");
        }
        exchange.put(inside, true);
        exchange.onComplete(completion -> giveBack.run());
        return next.proceed(request);
    }

    private String key(Request request) {
        String value = by == null ? null : by.value(request);
        return value == null ? "" : value;
    }

    @Override
    public Explanation explain(Request request) {
        int users = places.users(key(request));
        String told = users + " of " + concurrent + " are under way";
        return users < concurrent
                ? new Explanation.Passes(request, told)
                : new Explanation.Unknown(told + ": it waits, or is refused");
    }

    @Override
    public Map<String, ?> state() {
        return by == null
                ? Map.of("underWay", places.inside())
                : Map.of("underWay", places.inside(), "keys", places.keys());
    }
}
