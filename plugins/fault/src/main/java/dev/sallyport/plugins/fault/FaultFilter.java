package dev.sallyport.plugins.fault;

import dev.sallyport.api.Command;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.plugins.fault.FaultConfig.Abort;
import dev.sallyport.plugins.fault.FaultConfig.Delay;
import dev.sallyport.plugins.fault.FaultConfig.Only;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Holds up and fails those whom the draw meets. */
final class FaultFilter implements Filter {

    private static final AttributeKey<String> FAULT = AttributeKey.stringKey("fault");
    private static final Attributes DELAY = Attributes.of(FAULT, "delay");
    private static final Attributes ABORT = Attributes.of(FAULT, "abort");

    private final FaultConfig config;
    private final Clock clock;
    private final boolean monitored;
    private final Draws delays;
    private final Draws aborts;
    private final LongCounter injected;
    private final LongAdder delayed = new LongAdder();
    private final LongAdder aborted = new LongAdder();
    private volatile boolean off;

    FaultFilter(FaultConfig config, FilterContext context) {
        this.config = config;
        clock = context.clock();
        monitored = context.monitored();
        long seed = config.seed() == null ? ThreadLocalRandom.current().nextLong() : config.seed();
        delays = new Draws(seed);
        aborts = new Draws(~seed);
        injected = context.meter()
                .counterBuilder("sallyport.fault.injected")
                .setDescription("Requests that were held up or failed on purpose.")
                .build();
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Only only = config.only();
        Request passed = only == null ? request : request.withoutHeader(only.header());
        if (!isOn() || !isMeant(request)) {
            return next.proceed(passed);
        }
        Delay delay = config.delay();
        if (delay != null && delays.next(delay.share())) {
            count(request, delayed, DELAY, "delay", delay.time().toMillis());
            if (!monitored) {
                Thread.sleep(delay.time()); // the deadline of the exchange interrupts it
            }
        }
        Abort abort = config.abort();
        if (abort == null || !aborts.next(abort.share())) {
            return next.proceed(passed);
        }
        Failure failure = abort.failure();
        Integer status = abort.status();
        if (failure != null || status == null) {
            count(request, aborted, ABORT, "abort", String.valueOf(failure));
            throw (failure == null ? Failure.RESET : failure).exception();
        }
        count(request, aborted, ABORT, "abort", status);
        return answer(request, status);
    }

    private boolean isOn() {
        return !off
                && (config.until() == null
                        || clock.instant().isBefore(config.until().instant()));
    }

    private boolean isMeant(Request request) {
        Only only = config.only();
        if (only == null) {
            return true;
        }
        String value = request.header(only.header());
        return value != null && (only.value() == null || only.value().equals(value));
    }

    private void count(Request request, LongAdder count, Attributes fault, String name, Object value) {
        count.increment();
        injected.add(1, fault);
        request.exchange().note(name, value);
    }

    /** It is to look as one of the upstream, which breakers and retries judge: so it is not marked as the gateway's own. */
    private static Response answer(Request request, int status) {
        Response problem = new Problem(status, "fault-injected", "A fault for a test").toResponse(request);
        return problem.withBody(problem.body());
    }

    @Override
    public Explanation explain(Request request) {
        Only only = config.only();
        Request passed = only == null ? request : request.withoutHeader(only.header());
        return isOn() && isMeant(request)
                ? new Explanation.Unknown("a draw decides whether it is held up or fails")
                : new Explanation.Passes(passed, isOn() ? "" : "it is off");
    }

    @Override
    public Map<String, ?> state() {
        Map<String, @Nullable Object> state = new LinkedHashMap<>();
        state.put("on", isOn());
        state.put("until", config.until());
        state.put("delayed", delayed.sum());
        state.put("aborted", aborted.sum());
        return state;
    }

    @Override
    public List<Command> commands() {
        return List.of(
                new Command("off", "Lets all requests pass.", on -> {
                    off = true;
                    return "all requests pass";
                }),
                new Command("on", "Goes on as the settings say.", on -> {
                    off = false;
                    return isOn() ? "faults are injected" : "its time is over: all requests pass";
                }));
    }
}
