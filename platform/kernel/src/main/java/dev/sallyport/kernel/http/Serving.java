package dev.sallyport.kernel.http;

import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.config.GatewayConfig;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the listeners serve: swapped as one, so that an exchange meets the rules and the routes of one generation.
 *
 * @param requestIds whose request ids are kept
 * @param addresses whose word about the client is believed, by listener name
 */
public record Serving(Generation generation, GatewayConfig.RequestId requestIds, Map<String, ClientAddress> addresses) {

    /** What serves that generation. */
    public static Serving of(Generation generation) {
        GatewayConfig config = generation.config().config();
        return new Serving(
                generation,
                config.requestId(),
                config.listeners().stream()
                        .collect(Collectors.toUnmodifiableMap(
                                GatewayConfig.Listener::name,
                                listener -> new ClientAddress(listener.trustedProxies()))));
    }
}
