package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.telemetry.LogEvent;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A record of the gateway's log, as the SDK's marshaling takes it. Immutable.
 *
 * @param spanContext of the exchange that it is about; not valid where that is not known
 */
record SentLog(
        LogEvent event,
        SpanContext spanContext,
        Resource resource,
        InstrumentationScopeInfo scope,
        Attributes attributes)
        implements LogRecordData {

    private static final long NANOS = 1_000_000_000;
    private static final Pattern CLASS = Pattern.compile("[\\w$]+(?:\\.[\\w$]+)*");
    private static final int LONGEST_TRACE = 16_384;

    static SentLog of(LogEvent event, SpanContext span, Resource resource, InstrumentationScopeInfo scope) {
        AttributesBuilder attributes = Attributes.builder().put(Keys.THREAD_NAME, event.thread());
        String thrown = event.thrown();
        if (thrown != null) {
            exception(thrown, attributes);
            attributes.put(
                    Keys.STACKTRACE, thrown.length() <= LONGEST_TRACE ? thrown : thrown.substring(0, LONGEST_TRACE));
        }
        return new SentLog(event, span, resource, scope, attributes.build());
    }

    /** Class and message, from the first line of the stack trace; nothing where that does not begin so. */
    private static void exception(String thrown, AttributesBuilder to) {
        int end = thrown.indexOf('\n');
        String line = (end < 0 ? thrown : thrown.substring(0, end)).strip();
        int colon = line.indexOf(": ");
        String type = colon < 0 ? line : line.substring(0, colon);
        if (CLASS.matcher(type).matches()) {
            to.put(Keys.EXCEPTION_TYPE, Redaction.cut(type));
            if (colon >= 0) {
                to.put(Keys.EXCEPTION_MESSAGE, Redaction.cut(line.substring(colon + 2)));
            }
        }
    }

    @Override
    public Resource getResource() {
        return resource;
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
        return scope;
    }

    @Override
    public long getTimestampEpochNanos() {
        Instant at = event.at();
        return at.getEpochSecond() * NANOS + at.getNano();
    }

    @Override
    public long getObservedTimestampEpochNanos() {
        return getTimestampEpochNanos();
    }

    @Override
    public SpanContext getSpanContext() {
        return spanContext;
    }

    @Override
    public Severity getSeverity() {
        return switch (event.level()) {
            case TRACE -> Severity.TRACE;
            case DEBUG -> Severity.DEBUG;
            case INFO -> Severity.INFO;
            case WARN -> Severity.WARN;
            case ERROR -> Severity.ERROR;
        };
    }

    @Override
    public String getSeverityText() {
        return event.level().name();
    }

    @Override
    @Deprecated
    @SuppressWarnings("deprecation") // the interface asks for it still
    public io.opentelemetry.sdk.logs.data.Body getBody() {
        return io.opentelemetry.sdk.logs.data.Body.string(event.message());
    }

    @Override
    public Value<?> getBodyValue() {
        return Value.of(event.message());
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }

    @Override
    public int getTotalAttributeCount() {
        return attributes.size();
    }
}
