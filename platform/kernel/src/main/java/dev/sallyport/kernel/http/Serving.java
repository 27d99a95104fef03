package dev.sallyport.kernel.http;

import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.config.ListenerLimits;
import dev.sallyport.kernel.config.PathPolicy;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the listeners serve: swapped as one, so that an exchange meets the rules and the routes of one generation.
 *
 * @param requestIds whose request ids are kept
 * @param listeners what holds for their requests, by name
 */
public record Serving(Generation generation, GatewayConfig.RequestId requestIds, Map<String, Rules> listeners) {

    /**
     * What holds for the requests of one listener.
     *
     * @param addresses whose word about the client is believed
     * @param paths what becomes of paths that servers read in different ways
     * @param limits how much is taken from clients
     * @param redirectTo where all of them are sent on to, as it was written; null where they are not
     */
    record Rules(
            ClientAddress addresses,
            PathPolicy paths,
            ListenerLimits limits,
            @Nullable String redirectTo) {

        static Rules of(ListenerConfig listener) {
            return new Rules(
                    new ClientAddress(listener.trustedProxies()),
                    listener.path(),
                    listener.limits(),
                    listener.redirectTo());
        }
    }

    /** What serves that generation. */
    public static Serving of(Generation generation) {
        GatewayConfig config = generation.config().config();
        return new Serving(
                generation,
                config.requestId(),
                config.listeners().stream().collect(Collectors.toUnmodifiableMap(ListenerConfig::name, Rules::of)));
    }
}
