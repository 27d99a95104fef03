package dev.sallyport.plugins.graphql;

import dev.sallyport.api.FilterContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import java.util.Locale;

/** What the step counts. Names are a client's to choose, so only those of listed operations are among them. */
final class Counts {

    private static final AttributeKey<String> KIND = AttributeKey.stringKey("kind");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("operation");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");

    private final LongCounter passed;
    private final LongCounter refused;

    Counts(FilterContext context) {
        passed = context.meter()
                .counterBuilder("sallyport.graphql.passed")
                .setDescription("Operations that passed, by kind, and by name where they are listed")
                .build();
        refused = context.meter()
                .counterBuilder("sallyport.graphql.refused")
                .setDescription("Requests and subscriptions that did not, by the code of the error")
                .build();
    }

    void passed(Operation operation, boolean listed) {
        String name = operation.name();
        passed.add(1, Attributes.of(KIND, operation.word(), OPERATION, listed && name != null ? name : "-"));
    }

    void refused(RefusedException refusal) {
        refused.add(1, Attributes.of(REASON, refusal.why().code.toLowerCase(Locale.ROOT)));
    }
}
