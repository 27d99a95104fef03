package dev.sallyport.kernel.http;

import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.config.GatewayConfig;
import java.util.Map;

/**
 * What the listeners serve: swapped as one, so that an exchange meets the rules and the routes of one generation.
 *
 * @param listeners whom to believe, by listener name
 */
public record Serving(Generation generation, GatewayConfig.RequestId requestId, Map<String, ClientAddress> listeners) {

    /** What serves that generation. */
    public static Serving of(Generation generation) {
        GatewayConfig config = generation.config().config();
        return new Serving(
                generation,
                config.requestId(),
                config.listeners().stream()
                        .collect(java.util.stream.Collectors.toUnmodifiableMap(
                                GatewayConfig.Listener::name, listener -> ClientAddress.of(listener.trustedProxies()))));
    }
}
