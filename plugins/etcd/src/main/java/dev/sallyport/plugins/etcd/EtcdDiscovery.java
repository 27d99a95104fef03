package dev.sallyport.plugins.etcd;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.Endpoint;
import dev.sallyport.api.ServiceContext;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the keys of a service and then follows the changes since the revision of that reading. Thread-safe. */
final class EtcdDiscovery implements Discovery {

    private final EtcdConfig config;
    private final ServiceContext context;

    /** Which member is asked; the next one after a failure. */
    private final AtomicInteger member = new AtomicInteger();

    EtcdDiscovery(EtcdConfig config, ServiceContext context) {
        this.config = config;
        this.context = context;
    }

    @Override
    public void watch(Query query, Listener listener) throws Exception {
        int turn = member.get();
        EtcdClient client = new EtcdClient(
                context,
                config.endpoints().get(Math.floorMod(turn, config.endpoints().size())));
        boolean failed = true;
        try {
            client.authenticate(config.user(), config.password());
            follow(client, config.prefix() + query.service() + "/", query.scheme(), listener);
            failed = false;
        } finally {
            if (failed) {
                member.compareAndSet(turn, turn + 1);
            }
        }
    }

    /** Returns where the connection has been open for long enough, or etcd has forgotten what lies between. */
    private void follow(EtcdClient client, String prefix, String scheme, Listener listener)
            throws IOException, InterruptedException {
        JsonNode all = client.range(prefix);
        Map<String, Endpoint> instances = new TreeMap<>();
        all.path("kvs").forEach(pair -> put(instances, pair, scheme));
        listener.endpoints(instances.values().stream().toList());
        client.watch(prefix, all.path("header").path("revision").asLong() + 1, events -> {
            for (JsonNode event : events) {
                if (event.path("type").asString("PUT").equals("DELETE")) {
                    instances.remove(EtcdClient.text(event.path("kv").path("key")));
                } else {
                    put(instances, event.path("kv"), scheme);
                }
            }
            listener.endpoints(instances.values().stream().toList());
        });
    }

    /** A value that is no instance is left out and named, so that it does no harm to the others. */
    private void put(Map<String, Endpoint> instances, JsonNode pair, String scheme) {
        String key = EtcdClient.text(pair.path("key"));
        Endpoint endpoint = endpoint(key, EtcdClient.text(pair.path("value")), scheme);
        if (endpoint == null) {
            instances.remove(key);
        } else {
            instances.put(key, endpoint);
        }
    }

    private @Nullable Endpoint endpoint(String key, String value, String scheme) {
        try {
            return Instance.of(value, scheme);
        } catch (IllegalArgumentException e) {
            context.logger()
                    .log(
                            System.Logger.Level.WARNING,
                            "the key {0} is left out: {1}",
                            key,
                            String.valueOf(e.getMessage()));
            return null;
        }
    }
}
