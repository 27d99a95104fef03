package dev.sallyport.plugins.messagepolicy;

import dev.sallyport.api.Scripts.Limits;
import dev.sallyport.api.config.Rate;
import dev.sallyport.api.config.Size;
import dev.sallyport.api.message.Sender;
import dev.sallyport.plugins.messagepolicy.MessagePolicyConfig.Breach;
import dev.sallyport.plugins.messagepolicy.MessagePolicyConfig.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** Settings for tests: the defaults but for what a test says. */
final class Policies {

    private static final Limits LIMITS = new Limits(
            Duration.ofMillis(250),
            Duration.ofSeconds(5),
            1_000_000,
            Size.parse("64MiB"),
            Size.parse("1MiB"),
            Size.parse("10MiB"),
            10,
            Rate.parse("100/s"));

    private Policies() {}

    static MessagePolicyConfig usual() {
        return with("64KiB", null, "{}");
    }

    @SuppressWarnings("unchecked")
    static MessagePolicyConfig with(String maxMessage, Path schemaFile, String schema) {
        return new MessagePolicyConfig(
                List.of(),
                false,
                Size.parse(maxMessage),
                Set.of(Sender.CLIENT),
                Set.of(Kind.TEXT, Kind.BINARY),
                null,
                schemaFile,
                JsonMapper.shared().readValue(schema, Map.class),
                null,
                Map.of(),
                LIMITS,
                Breach.CLOSE,
                null,
                null);
    }
}
