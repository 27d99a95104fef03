package dev.sallyport.plugins.elk;

import dev.sallyport.api.config.Size;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Settings for tests. */
final class Configs {

    private Configs() {}

    /** To a Logstash that may not be there, with bodies or without. */
    static ElkConfig toLogstash(String url, boolean bodies) {
        return config(
                null,
                new LogstashConfig(URI.create(url), null, null, null, Duration.ofSeconds(5)),
                bodies
                        ? new ElkConfig.BodyConfig(
                                Size.parse("64B"), List.of("application/json", "text/plain"), true, true)
                        : null);
    }

    static ElkConfig config(ElasticsearchConfig elasticsearch, LogstashConfig logstash, ElkConfig.BodyConfig body) {
        return new ElkConfig(
                elasticsearch,
                logstash,
                Size.parse("1MiB"),
                null,
                100,
                Size.parse("1MiB"),
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                List.of("x-tenant"),
                List.of(),
                body,
                Map.of("site", "north"),
                "shop",
                "gw-1",
                null);
    }
}
