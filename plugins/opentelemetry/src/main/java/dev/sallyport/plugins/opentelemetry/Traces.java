package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.Exchange;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.TraceContext;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Begins the trace of an exchange: whose it is, and whether it is sampled. Thread-safe. */
final class Traces {

    private final OpenTelemetryConfig.Traces config;
    private final Carriers carriers;
    private final Sampler ratio;
    private final IdGenerator ids = IdGenerator.random();

    Traces(OpenTelemetryConfig.Traces config) {
        this.config = config;
        carriers = new Carriers(config.propagation());
        ratio = Sampler.traceIdRatioBased(config.ratio());
    }

    OpenTelemetryConfig.Traces config() {
        return config;
    }

    Carriers carriers() {
        return carriers;
    }

    String spanId() {
        return ids.generateSpanId();
    }

    /**
     * Begins it, and leaves on the exchange where it stands.
     *
     * @return null where another one has done so before
     */
    @Nullable
    ExchangeTrace begin(Request request) {
        Exchange exchange = request.exchange();
        if (exchange.get(TraceContext.OF_EXCHANGE) != null) {
            return null;
        }
        boolean stranger = !isBelieved(exchange);
        SpanContext parent = stranger ? SpanContext.getInvalid() : carriers.read(request.headers());
        String traceId = parent.isValid() ? parent.getTraceId() : ids.generateTraceId();
        Boolean wish = null;
        if (!stranger && config.parent()) {
            wish = parent.isValid() ? Boolean.valueOf(parent.isSampled()) : carriers.decision(request.headers());
        }
        boolean sampled = wish == null ? isSampled(traceId) : wish;
        SpanContext own = SpanContext.create(
                traceId, ids.generateSpanId(), Carriers.flags(sampled, parent), parent.getTraceState());
        exchange.put(TraceContext.OF_EXCHANGE, new TraceContext(traceId, own.getSpanId(), sampled));
        return new ExchangeTrace(this, own, parent, stranger);
    }

    private boolean isBelieved(Exchange exchange) {
        return switch (config.inbound()) {
            case ALWAYS -> true;
            case TRUSTED -> exchange.isPeerTrusted();
            case NEVER -> false;
        };
    }

    private boolean isSampled(String traceId) {
        return config.ratio() >= 1
                || ratio.shouldSample(Context.root(), traceId, "", SpanKind.SERVER, Attributes.empty(), List.of())
                                .getDecision()
                        == SamplingDecision.RECORD_AND_SAMPLE;
    }
}
