package dev.sallyport.kernel.replay;

import dev.sallyport.api.Consumer;
import dev.sallyport.kernel.config.GatewayConfig.ConsumerConfig;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The request that is replayed, and why what becomes of it is not known for certain. For one thread. */
final class ReplayState {

    private final NoNetwork network;
    private final Map<String, Consumer> consumers;
    private final Map<String, String> unknown = new TreeMap<>();
    private @Nullable Recorded current;
    private boolean bodyWasLookedAt;

    ReplayState(NoNetwork network, List<ConsumerConfig> consumers) {
        this.network = network;
        this.consumers = consumers.stream()
                .collect(Collectors.toMap(
                        ConsumerConfig::name,
                        one -> new Consumer(one.name(), one.groups(), one.tags()),
                        (one, other) -> one));
    }

    void begin(Recorded next) {
        current = next;
        unknown.clear();
        bodyWasLookedAt = false;
    }

    Recorded current() {
        return Objects.requireNonNull(current, "current");
    }

    NoNetwork network() {
        return network;
    }

    /** The consumer of that name as the configuration has it. */
    Consumer consumer(String name) {
        return consumers.getOrDefault(name, new Consumer(name));
    }

    void lookedAtBody() {
        bodyWasLookedAt = true;
    }

    boolean bodyWasLookedAt() {
        return bodyWasLookedAt;
    }

    /** What a step would do is not known. */
    void unknown(String step, String why) {
        unknown.putIfAbsent(step, why);
    }

    /** The steps of which that is so, and why. */
    Map<String, String> unknown() {
        return Map.copyOf(unknown);
    }
}
