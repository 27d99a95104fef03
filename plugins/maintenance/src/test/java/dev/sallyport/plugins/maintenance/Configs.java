package dev.sallyport.plugins.maintenance;

import dev.sallyport.api.config.Moment;
import dev.sallyport.api.config.Secret;
import dev.sallyport.plugins.maintenance.MaintenanceConfig.Bypass;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings for tests. */
final class Configs {

    private static final String HTML = "text/html; charset=utf-8";

    private Configs() {}

    static MaintenanceConfig usual() {
        return between(null, null);
    }

    static MaintenanceConfig standby() {
        return config(false, null, null, null, null, HTML, List.of(), null);
    }

    static MaintenanceConfig between(@Nullable String from, @Nullable String until) {
        return config(true, from, until, null, null, HTML, List.of(), null);
    }

    static MaintenanceConfig showing(@Nullable String body, @Nullable Path page, String type) {
        return config(true, null, null, body, page, type, List.of(), null);
    }

    static MaintenanceConfig allowing(String block) {
        return config(true, null, null, null, null, HTML, List.of(Block.parse(block)), null);
    }

    static MaintenanceConfig passedBy(String header, String value) {
        return config(true, null, null, null, null, HTML, List.of(), new Bypass(header, Secret.parse(value)));
    }

    private static MaintenanceConfig config(
            boolean on,
            @Nullable String from,
            @Nullable String until,
            @Nullable String body,
            @Nullable Path page,
            String type,
            List<Block> allow,
            @Nullable Bypass bypass) {
        return new MaintenanceConfig(
                on,
                from == null ? null : Moment.parse(from),
                until == null ? null : Moment.parse(until),
                Duration.ofMinutes(10),
                body,
                page,
                type,
                allow,
                bypass);
    }
}
