package dev.sallyport.plugins.messagepolicy;

import dev.sallyport.api.Scripts.Limits;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Rate;
import dev.sallyport.api.config.Size;
import dev.sallyport.api.message.Sender;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of the step {@code message-policy}. */
public record MessagePolicyConfig(
        @Doc("The origins from which a browser may open a WebSocket, such as https://shop.example.com or"
                + " https://*.example.com; empty for all.")
        List<Origin> origins,

        @Doc("Refuses a WebSocket without an Origin too: of what is no browser.")
        boolean originRequired,

        @Doc("The most bytes of one message or event, of either side.") @Default("64KiB")
        Size maxMessage,

        @Doc("Whose messages the rules below are for. Of an event stream all are the upstream's.")
        @Default("[client]")
        @Min(1)
        Set<Sender> from,

        @Doc("The kinds of messages that may be sent.") @Default("[text, binary]") @Min(1)
        Set<Kind> kinds,

        @Doc("How many messages one connection may send, pings counted; as many at once.") @Nullable
        Rate rate,

        @Doc("The file of the JSON Schema that each text message or event must match, relative to the folder of the"
                + " configuration.")
        @Nullable
        Path schemaFile,

        @Doc("The schema itself, in the place of a file.") Map<String, Object> schema,

        @Doc("A module of the scripts folder that is called for each message.") @Nullable
        String script,

        @Doc("What the script sees as config.") Map<String, Object> config,

        @Doc("What one call of the script may use.") @Default("{}")
        Limits limits,

        @Doc("What becomes of a message that breaks kinds, rate or schema: the connection is closed, the message is"
                + " dropped, or it passes and is only counted.")
        @Default("close")
        Breach onBreach,

        @Doc("Closes a connection on which neither side has sent anything for so long; pings count.") @Nullable
        Duration idle,

        @Doc("Closes a connection after so long.") @Nullable Duration maxAge) {

    private static final long LARGEST = 64L << 20;

    /** What a message is. */
    public enum Kind {
        TEXT,
        BINARY
    }

    /** What becomes of a message that breaks a rule. */
    public enum Breach {
        CLOSE,
        DROP,
        REPORT
    }

    public MessagePolicyConfig {
        if (maxMessage.bytes() < 1 || maxMessage.bytes() > LARGEST) {
            throw new ConfigException("maxMessage", maxMessage + " (expected: 1B to 64MiB)");
        }
        if (schemaFile != null && !schema.isEmpty()) {
            throw new ConfigException("schema", "two schemas (expected: schemaFile or schema)");
        }
        if (script == null && !config.isEmpty()) {
            throw new ConfigException("config", "given without a script (expected: script beside it)");
        }
        checkTime("idle", idle);
        checkTime("maxAge", maxAge);
        origins = List.copyOf(origins);
        from = Set.copyOf(from);
        kinds = Set.copyOf(kinds);
    }

    private static void checkTime(String key, @Nullable Duration time) {
        if (time != null && time.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new ConfigException(key, time.toMillis() + "ms (expected: 1s or more)");
        }
    }
}
