package dev.sallyport.kernel.step;

import dev.sallyport.api.Consumer;
import dev.sallyport.kernel.config.GatewayConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The consumers of one configuration. Immutable. */
final class ConfiguredConsumers {

    private final List<GatewayConfig.ConsumerConfig> all;
    private final Map<String, GatewayConfig.ConsumerConfig> byName;

    ConfiguredConsumers(List<GatewayConfig.ConsumerConfig> all) {
        this.all = all;
        byName = HashMap.newHashMap(all.size());
        all.forEach(each -> byName.put(each.name(), each));
    }

    /** As they are configured, in their order. */
    List<GatewayConfig.ConsumerConfig> all() {
        return all;
    }

    /** As steps see it; null where none has that name. */
    @Nullable
    Consumer consumer(String name) {
        GatewayConfig.ConsumerConfig found = byName.get(name);
        return found == null ? null : consumer(found);
    }

    static Consumer consumer(GatewayConfig.ConsumerConfig configured) {
        return new Consumer(configured.name(), configured.groups(), configured.tags());
    }
}
