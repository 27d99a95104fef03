package dev.sallyport.plugins.jwtauth;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** What {@code /metrics} shows of a step. */
final class Telemetry {

    private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");
    private static final AttributeKey<String> ISSUER = AttributeKey.stringKey("issuer");

    private Telemetry() {}

    /** Counts the requests that did not pass, each by its reason in a word. */
    static Consumer<String> refusals(Meter meter) {
        LongCounter refused = meter.counterBuilder("sallyport.jwt_auth.refused")
                .setDescription("Requests that did not pass, by reason.")
                .build();
        return reason -> refused.add(1, Attributes.of(REASON, reason));
    }

    /** Shows how old the keys of each issuer are. */
    static void ages(Meter meter, List<TrustedIssuer> issuers) {
        meter.gaugeBuilder("sallyport.jwt_auth.keys_age")
                .ofLongs()
                .setUnit("s")
                .setDescription("How long ago the issuer's keys were fetched.")
                .buildWithCallback(ages -> {
                    for (TrustedIssuer issuer : issuers) {
                        Duration age = issuer.keys().age();
                        if (age != null) {
                            ages.record(
                                    age.toSeconds(),
                                    Attributes.of(ISSUER, issuer.settings().issuer()));
                        }
                    }
                });
    }
}
