package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Json;
import dev.sallyport.api.Request;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One JSON object a line; what is not known is left out. */
final class JsonLines implements Lines {

    private final QueryMask mask;
    private final List<String> headers;

    JsonLines(QueryMask mask, List<String> headers) {
        this.mask = mask;
        this.headers = headers;
    }

    @Override
    public String line(Request request, Completion completion) {
        Exchange exchange = request.exchange();
        Consumer consumer = exchange.consumer();
        Attempt attempt = exchange.attempt();
        Exchange.Tls tls = exchange.tls();
        Shown shown = Shown.of(request, mask);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", exchange.startedAt().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("requestId", exchange.id());
        line.put("client", exchange.client().getHostAddress());
        put(line, "consumer", consumer == null ? null : consumer.name());
        line.put("method", request.method());
        line.put("scheme", exchange.scheme());
        put(line, "host", request.header("host"));
        put(line, "path", shown.path());
        put(line, "query", shown.query());
        line.put("protocol", exchange.protocol());
        put(line, "tls", tls == null ? null : tls.protocol());
        line.put("status", completion.status());
        line.put("outcome", completion.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        put(line, "failure", completion.failure());
        line.put("requestBytes", completion.requestBytes());
        line.put("responseBytes", completion.responseBytes());
        line.put("durationMillis", millis(completion.duration()));
        line.put("listener", exchange.listener());
        put(line, "route", exchange.route());
        if (attempt != null) {
            line.put("upstream", attempt.upstream());
            line.put("target", attempt.shown());
            line.put("attempts", attempt.number());
        }
        put(line, "userAgent", shown.header("user-agent", request.header("user-agent")));
        put(line, "referer", shown.referer());
        if (!headers.isEmpty()) {
            line.put("headers", headers(shown));
        }
        return Json.write(line);
    }

    private Map<String, Object> headers(Shown shown) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String name : headers) {
            List<String> all = shown.request().headers().all(name);
            put(values, name, shown.header(name, all.isEmpty() ? null : String.join(", ", all)));
        }
        return values;
    }

    private static void put(Map<String, Object> line, String key, @Nullable String value) {
        if (value != null) {
            line.put(key, Lines.cut(value));
        }
    }

    private static double millis(Duration duration) {
        long micros = duration.toNanos() / 1000;
        return micros / 1000.0;
    }
}
