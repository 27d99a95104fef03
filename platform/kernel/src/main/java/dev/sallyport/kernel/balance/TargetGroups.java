package dev.sallyport.kernel.balance;

import dev.sallyport.kernel.config.BalanceConfig;
import dev.sallyport.kernel.config.UpstreamConfig;
import dev.sallyport.kernel.upstream.UpstreamClient;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The groups of targets of all upstreams, and the checks of their health: one of a process. Thread-safe. */
public final class TargetGroups implements AutoCloseable {

    private final Supplier<byte[]> stickyKey;
    private final HealthChecks checks;

    /**
     * Groups that nobody checks yet.
     *
     * @param client asks targets how they are
     * @param stickyKey what cookies are made with, where the configuration does not say; asked for when it is needed
     */
    public TargetGroups(UpstreamClient client, Supplier<byte[]> stickyKey) {
        checks = new HealthChecks(new Probe(client), System::nanoTime);
        this.stickyKey = stickyKey;
    }

    /**
     * The groups of a generation. It serves only after {@link #serve}, if at all.
     *
     * @param before those of the generation that serves
     */
    public Map<String, TargetGroup> of(Map<String, UpstreamConfig> upstreams, Map<String, TargetGroup> before) {
        Map<String, TargetGroup> groups = new HashMap<>();
        upstreams.forEach((name, upstream) -> groups.put(
                name, TargetGroup.over(name, upstream, before.get(name), key(upstream.balance()), System::nanoTime)));
        return groups;
    }

    private byte[] key(BalanceConfig balance) {
        if (!(balance instanceof BalanceConfig.Sticky sticky)) {
            return new byte[0];
        }
        return sticky.key() == null ? stickyKey.get() : sticky.key().value().getBytes(StandardCharsets.UTF_8);
    }

    /** From now on these serve: their targets are checked, and no others. */
    public void serve(Map<String, TargetGroup> groups, Map<String, UpstreamConfig> upstreams) {
        groups.values().forEach(TargetGroup::forgetOthers);
        checks.serve(groups, upstreams);
    }

    /** How many targets are checked. */
    public int checked() {
        return checks.size();
    }

    @Override
    public void close() {
        checks.close();
    }

    /** One that is never asked for a key, for a generation that does not serve. */
    public static TargetGroups offline(UpstreamClient client) {
        return new TargetGroups(client, () -> new byte[1]);
    }
}
