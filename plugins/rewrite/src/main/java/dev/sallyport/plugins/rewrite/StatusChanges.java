package dev.sallyport.plugins.rewrite;

import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import java.util.Map;
import java.util.Set;

/** Other statuses for those of responses; what is named itself goes before its class. Immutable. */
final class StatusChanges {

    /** These have no body, and the response may have one. */
    private static final Set<Integer> WITHOUT_BODY = Set.of(204, 205, 304);

    private final int[] changed = new int[600];

    /**
     * Reads new statuses by old ones.
     *
     * @throws ConfigException where a status is none
     */
    StatusChanges(Map<String, Integer> statuses) {
        statuses.forEach((from, to) -> {
            if (to < 200 || to > 599 || WITHOUT_BODY.contains(to)) {
                throw new ConfigException(
                        "status." + from, to + " (expected: 200 to 599, and a status that may have a body)");
            }
            if (!from.matches("[2-5]([0-9][0-9]|xx)")) {
                throw new ConfigException(
                        "status." + from, from + " (expected: a status such as 404, or all such as 5xx)");
            }
        });
        for (int status = 200; status < changed.length; status++) {
            Integer to = statuses.getOrDefault(Integer.toString(status), statuses.get(status / 100 + "xx"));
            changed[status] = to == null ? status : to;
        }
    }

    Response apply(Response response) {
        int status = response.status();
        return response.tunnel() != null || changed[status] == status ? response : response.withStatus(changed[status]);
    }
}
