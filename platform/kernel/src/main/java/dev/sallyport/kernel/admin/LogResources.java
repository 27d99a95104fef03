package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.admin.Resource.Parameter;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.http.SideServer.Answer;
import dev.sallyport.kernel.log.GatewayLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The gateway's own log: another level for a time, without a change of the configuration. */
public final class LogResources implements AutoCloseable {

    private static final Pattern LOGGER = Pattern.compile("[\\w./-]{1,200}");
    private static final Pattern TIME = Pattern.compile("(\\d{1,5})(s|m|h)");
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Parameter WHICH =
            Parameter.of("logger", "A filter type or a Java package; all loggers if not given.");

    private final GatewayLog log;
    private final Supplier<GatewayConfig.Log> config;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("log levels").factory());

    /** @param config what is configured */
    public LogResources(GatewayLog log, Supplier<GatewayConfig.Log> config, Clock clock) {
        this.log = log;
        this.config = config;
        this.clock = clock;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Adds them to the API. */
    public LogResources offerOn(AdminApi api) {
        api.offer(Resource.get(
                        "showLog",
                        "/v1/log",
                        "The levels of the gateway's own log, and those that are set for a time.",
                        call -> Answer.json(200, shown().toString())))
                .offer(Resource.of(
                                "setLog", "PUT", "/v1/log", Role.OPERATE, "Sets another level for a time.", this::set)
                        .with(
                                WHICH,
                                Parameter.of("level", "trace, debug, info, warn, error or off."),
                                Parameter.of("for", "How long, such as 10m; at most 24h.")))
                .offer(Resource.of(
                                "resetLog",
                                "DELETE",
                                "/v1/log",
                                Role.OPERATE,
                                "Sets the configured level again, before the time is over.",
                                call -> {
                                    log.reset(logger(call));
                                    return Answer.json(200, shown().toString());
                                })
                        .with(WHICH));
        return this;
    }

    private Answer set(Call call) throws RefusedCallException {
        String logger = logger(call);
        String word = call.parameter("level");
        GatewayConfig.Level level = null;
        for (GatewayConfig.Level each : GatewayConfig.Level.values()) {
            if (lower(each).equals(word)) {
                level = each;
            }
        }
        if (level == null) {
            throw RefusedCallException.badRequest(
                    "level: " + word + " (expected: trace, debug, info, warn, error or off)");
        }
        Duration time = time(call.parameter("for"));
        Instant until = clock.instant().plus(time);
        call.details().put("logger", logger).put("level", word).put("until", until.toString());
        log.set(logger, level, until);
        var _ = thread.schedule(() -> log.expire(until), time.toMillis(), TimeUnit.MILLISECONDS);
        return Answer.json(200, shown().toString());
    }

    private static String logger(Call call) throws RefusedCallException {
        String name = call.parameter("logger");
        if (name != null && !name.isEmpty() && !LOGGER.matcher(name).matches()) {
            throw RefusedCallException.badRequest("logger: " + name + " (expected: a filter type or a Java package)");
        }
        return name == null ? "" : name;
    }

    private static Duration time(@Nullable String text) throws RefusedCallException {
        Matcher form = TIME.matcher(text == null ? "" : text);
        if (form.matches()) {
            long amount = Long.parseLong(form.group(1));
            Duration time = switch (form.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
            if (!time.isZero() && time.compareTo(LONGEST) <= 0) {
                return time;
            }
        }
        throw RefusedCallException.badRequest("for: " + text + " (expected: a time such as 10m, at most 24h)");
    }

    private ObjectNode shown() {
        GatewayConfig.Log configured = config.get();
        ObjectNode json = JsonMapper.shared().createObjectNode().put("level", lower(configured.level()));
        ObjectNode levels = json.putObject("levels");
        configured.levels().forEach((name, level) -> levels.put(name, lower(level)));
        var temporary = json.putArray("temporary");
        log.temporary()
                .forEach((name, other) -> temporary
                        .addObject()
                        .put("logger", name)
                        .put("level", lower(other.level()))
                        .put("until", other.until().toString()));
        return json;
    }

    private static String lower(GatewayConfig.Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
