package dev.sallyport.plugins.kubernetes;

import dev.sallyport.api.Discovery;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Lists the EndpointSlices of a service and then follows their changes from version to version. Thread-safe. */
final class KubernetesDiscovery implements Discovery {

    private static final int GONE = 410;

    private final ApiClient api;
    private final String namespace;

    KubernetesDiscovery(ApiClient api, String namespace) {
        this.api = api;
        this.namespace = namespace;
    }

    @Override
    public void watch(Query query, Listener listener) throws Exception {
        int dot = query.service().indexOf('.'); // orders.shop is the service orders of the namespace shop
        String service = dot < 0 ? query.service() : query.service().substring(0, dot);
        String of = dot < 0 ? namespace : query.service().substring(dot + 1);
        Slices slices = new Slices(query.port(), query.scheme());
        Following following = new Following(slices, listener);
        following.begin(api.list(of, service));
        while (!following.gone) {
            api.watch(of, service, following.version, following::take);
        }
    }

    /** One list and what came after it. For one thread. */
    private static final class Following {

        private final Slices slices;
        private final Listener listener;
        private final Map<String, JsonNode> byName = new LinkedHashMap<>();
        private String version = "";

        /** Whether the server has forgotten that version, so that all is to be listed again. */
        private boolean gone;

        Following(Slices slices, Listener listener) {
            this.slices = slices;
            this.listener = listener;
        }

        void begin(JsonNode list) {
            list.path("items").forEach(slice -> byName.put(name(slice), slice));
            version = version(list);
            tell();
        }

        boolean take(JsonNode event) {
            JsonNode object = event.path("object");
            switch (event.path("type").asString("")) {
                case "ADDED", "MODIFIED" -> {
                    byName.put(name(object), object);
                    version = version(object);
                    tell();
                }
                case "DELETED" -> {
                    byName.remove(name(object));
                    version = version(object);
                    tell();
                }
                case "BOOKMARK" -> version = version(object);
                case "ERROR" -> fail(object);
                default -> {
                    // a later version of the API may have more
                }
            }
            return !gone;
        }

        private void fail(JsonNode status) {
            if (status.path("code").asInt(0) != GONE) {
                throw new IllegalStateException(
                        "the watch ended: " + status.path("message").asString(""));
            }
            gone = true;
        }

        private void tell() {
            listener.endpoints(slices.endpoints(byName.values()));
        }

        private static String name(JsonNode object) {
            return object.path("metadata").path("name").asString("");
        }

        private static String version(JsonNode object) {
            return object.path("metadata").path("resourceVersion").asString("");
        }
    }
}
