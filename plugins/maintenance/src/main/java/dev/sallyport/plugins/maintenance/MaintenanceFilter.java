package dev.sallyport.plugins.maintenance;

import dev.sallyport.api.Body;
import dev.sallyport.api.Command;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Moment;
import dev.sallyport.plugins.maintenance.MaintenanceConfig.Bypass;
import dev.sallyport.plugins.maintenance.Switch.Mode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers 503 during maintenance, but to those who may pass. */
final class MaintenanceFilter implements Filter {

    private static final Problem MAINTENANCE = new Problem(503, "maintenance", "Under maintenance");

    private final MaintenanceConfig config;
    private final @Nullable Body body;
    private final Clock clock;
    private final Logger log;
    private final String key;
    private final Switch command;

    /** @param body what to answer with; null for a problem */
    MaintenanceFilter(
            MaintenanceConfig config, @Nullable Body body, Switch command, Clock clock, Logger log, String key) {
        this.config = config;
        this.body = body;
        this.command = command;
        this.clock = clock;
        this.log = log;
        this.key = key;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Instant now = clock.instant();
        if (!isOn(now)) {
            return next.proceed(request);
        }
        String by = passesBy(request);
        if (by != null) {
            request.exchange().note("maintenance", "passes by " + by);
            Bypass bypass = config.bypass();
            return next.proceed(bypass == null ? request : request.withoutHeader(bypass.header()));
        }
        request.exchange().note("maintenance", command.mode() == Mode.ON ? "switched on" : "on");
        return answer(request, now);
    }

    private boolean isOn(Instant now) {
        return switch (command.mode()) {
            case ON -> true;
            case OFF -> false;
            case AUTO ->
                config.on()
                        && (config.from() == null || !now.isBefore(config.from().instant()))
                        && (config.until() == null
                                || now.isBefore(config.until().instant()));
        };
    }

    private @Nullable String passesBy(Request request) {
        for (Block block : config.allow()) {
            if (block.has(request.exchange().client())) {
                return "allow";
            }
        }
        Bypass bypass = config.bypass();
        String shown = bypass == null ? null : request.header(bypass.header());
        return bypass != null && shown != null && bypass.value().matches(shown) ? "bypass" : null;
    }

    private Response answer(Request request, Instant now) {
        Duration left = left(now);
        Response response = body == null
                ? problem().toResponse(request)
                : Response.of(503, Headers.of("content-type", config.contentType()), body);
        return response.withHeader(
                        "retry-after", Long.toString(left.plusNanos(999_999_999).toSeconds()))
                .withHeader("cache-control", "no-store");
    }

    private Problem problem() {
        Moment until = config.until();
        return until == null || command.mode() == Mode.ON
                ? MAINTENANCE
                : MAINTENANCE.withDetail("It is to be over at " + until + ".");
    }

    private Duration left(Instant now) {
        Moment until = config.until();
        return until == null || !now.isBefore(until.instant())
                ? config.retryAfter()
                : Duration.between(now, until.instant());
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }

    @Override
    public Map<String, ?> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("on", isOn(clock.instant()));
        state.put("by", command.mode() == Mode.AUTO ? "settings" : "command");
        if (config.from() != null) {
            state.put("from", config.from());
        }
        if (config.until() != null) {
            state.put("until", config.until());
        }
        return state;
    }

    @Override
    public List<Command> commands() {
        return List.of(
                new Command("on", "Begins maintenance, whatever the settings say.", on -> become(Mode.ON)),
                new Command("off", "Ends maintenance, whatever the settings say.", on -> become(Mode.OFF)),
                new Command("auto", "Leaves it to the settings.", on -> become(Mode.AUTO)));
    }

    private String become(Mode next) {
        command.become(next);
        String now = isOn(clock.instant()) ? "maintenance is on" : "maintenance is off";
        log.log(Level.INFO, "{0}: {1}, by the command {2}", key, now, next);
        return now;
    }
}
