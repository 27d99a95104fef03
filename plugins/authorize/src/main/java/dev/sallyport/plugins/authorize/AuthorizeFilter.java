package dev.sallyport.plugins.authorize;

import dev.cel.runtime.CelEvaluationException;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Refuses what a rule of {@code deny} takes, and what no rule of {@code allow} takes where there are any. A rule that cannot
 * be told never lets anybody in: of {@code deny} it refuses, of {@code allow} it counts as false.
 */
final class AuthorizeFilter implements Filter {

    private static final Problem DENIED = new Problem(403, "not-authorized", "You may not do this");
    private static final AttributeKey<String> RULE = AttributeKey.stringKey("rule");

    private final AuthorizeConfig config;
    private final Clock clock;
    private final LongCounter refused;
    private final LongCounter failed;

    AuthorizeFilter(AuthorizeConfig config, Clock clock, Meter meter) {
        this.config = config;
        this.clock = clock;
        refused = meter.counterBuilder("sallyport.authorize.refused")
                .setDescription("Requests refused, by the rule of deny that did it, or none.")
                .build();
        failed = meter.counterBuilder("sallyport.authorize.failed")
                .setDescription("Rules that could not be told for a request, so that they let nobody in.")
                .build();
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        return handle(request, next, true);
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun((asked, next) -> handle(asked, next, false), request);
    }

    private Response handle(Request request, Next next, boolean counted) throws Exception {
        Exchange exchange = request.exchange();
        List<String> failures = new ArrayList<>(0);
        Decision decision = decide(request, failures, counted);
        if (!failures.isEmpty()) {
            exchange.note("failed", String.join("; ", failures));
        }
        return switch (decision) {
            case Decision.Allowed allowed -> {
                if (allowed.rule() != null) {
                    exchange.note("allowed", allowed.rule());
                }
                yield next.proceed(request);
            }
            case Decision.Denied denied -> {
                exchange.note("refused", denied.name());
                count(counted, refused, denied.name());
                yield problem(denied.rule()).toResponse(request);
            }
            case Decision.Unclear unclear -> {
                exchange.note("refused", unclear.name());
                count(counted, refused, unclear.name());
                yield DENIED.toResponse(request);
            }
            case Decision.NotAllowed _ -> {
                exchange.note("refused", "no rule of allow");
                count(counted, refused, "none");
                yield DENIED.toResponse(request);
            }
        };
    }

    private Decision decide(Request request, List<String> failures, boolean counted) {
        List<Rule> deny = config.deny();
        for (int i = 0; i < deny.size(); i++) {
            String name = name("deny", deny.get(i), i);
            try {
                if (deny.get(i).when().holds(request, clock)) {
                    return new Decision.Denied(deny.get(i), name);
                }
            } catch (CelEvaluationException e) {
                failed(failures, name, e, counted);
                return new Decision.Unclear(name);
            }
        }
        List<Rule> allow = config.allow();
        for (int i = 0; i < allow.size(); i++) {
            String name = name("allow", allow.get(i), i);
            try {
                if (allow.get(i).when().holds(request, clock)) {
                    return new Decision.Allowed(name);
                }
            } catch (CelEvaluationException e) {
                failed(failures, name, e, counted);
            }
        }
        return allow.isEmpty() ? new Decision.Allowed(null) : new Decision.NotAllowed();
    }

    /** Not the message, which may hold what the request holds. */
    private void failed(List<String> failures, String name, CelEvaluationException failure, boolean counted) {
        String why = failure.getErrorCode().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        failures.add(name + ": " + why);
        count(counted, failed, name);
    }

    private static void count(boolean counted, LongCounter counter, String rule) {
        if (counted) {
            counter.add(1, Attributes.of(RULE, rule));
        }
    }

    private static Problem problem(Rule rule) {
        Problem problem = rule.message() == null ? DENIED : DENIED.withDetail(rule.message());
        return rule.id() == null ? problem : problem.with("rule", rule.id());
    }

    private static String name(String list, Rule rule, int index) {
        return rule.id() == null ? list + " " + (index + 1) : rule.id();
    }
}
