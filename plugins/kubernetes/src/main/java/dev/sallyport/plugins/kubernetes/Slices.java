package dev.sallyport.plugins.kubernetes;

import dev.sallyport.api.Endpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What EndpointSlices say of one port. An endpoint counts while it is ready; one that is on its way out but still serves is
 * a backup, so that the last pods of a service answer until they are gone.
 *
 * @param port its name or number; null where the service has only one
 * @param scheme where the port's {@code appProtocol} does not say it
 */
record Slices(@Nullable String port, String scheme) {

    /**
     * The endpoints in these slices.
     *
     * @throws IllegalStateException where it is not clear which port is meant
     */
    List<Endpoint> endpoints(Collection<JsonNode> slices) {
        Map<String, Endpoint> found = new LinkedHashMap<>();
        for (JsonNode slice : slices) {
            JsonNode chosen = port(slice);
            if (chosen == null) {
                continue;
            }
            String speaks = chosen.path("appProtocol").asString(scheme);
            String protocol = speaks.equals("https") || speaks.equals("http") ? speaks : scheme;
            for (JsonNode endpoint : slice.path("endpoints")) {
                JsonNode conditions = endpoint.path("conditions");
                boolean ready = conditions.path("ready").asBoolean(true);
                boolean leaving = conditions.path("terminating").asBoolean(false)
                        && conditions.path("serving").asBoolean(false);
                // All addresses of an endpoint are the same pod: one is enough.
                String address = endpoint.path("addresses").path(0).asString("");
                if ((ready || leaving) && !address.isEmpty()) {
                    Endpoint one = Endpoint.of(
                                    protocol, address, chosen.path("port").asInt())
                            .withBackup(!ready);
                    // A pod that moves from slice to slice is in both for a moment.
                    found.merge(one.url().toString(), one, (a, b) -> a.backup() ? b : a);
                }
            }
        }
        return found.values().stream()
                .sorted(Comparator.comparing(Endpoint::url))
                .toList();
    }

    private @Nullable JsonNode port(JsonNode slice) {
        List<JsonNode> ports = new ArrayList<>();
        for (JsonNode each : slice.path("ports")) {
            if (each.path("protocol").asString("TCP").equals("TCP")
                    && each.path("port").asInt(0) > 0) {
                ports.add(each);
            }
        }
        if (port == null) {
            if (ports.size() > 1) {
                TreeSet<String> names = new TreeSet<>();
                ports.forEach(each -> names.add(each.path("name").asString("")));
                throw new IllegalStateException("the service has the ports " + String.join(", ", names)
                        + " (expected: one of them, as port beside name)");
            }
            return ports.isEmpty() ? null : ports.getFirst();
        }
        return ports.stream()
                .filter(each -> each.path("name").asString("").equals(port)
                        || Integer.toString(each.path("port").asInt()).equals(port))
                .findFirst()
                .orElse(null);
    }
}
