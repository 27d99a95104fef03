package dev.sallyport.kernel.step;

import dev.sallyport.api.Store;
import dev.sallyport.kernel.script.ScriptService;
import dev.sallyport.kernel.telemetry.Telemetry;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What steps share: one of each in the process.
 *
 * @param stores by name; {@code memory} is always there
 * @param data the folder under which steps have folders of their own
 */
public record StepServices(
        Clock clock,
        Map<String, Store> stores,
        ScriptService scripts,
        Supplier<HttpClient> http,
        CpuPool cpu,
        Path data,
        Telemetry telemetry) {

    /** The same with these stores beside those that are always there. */
    StepServices withStores(Map<String, Store> more) {
        if (more.isEmpty()) {
            return this;
        }
        Map<String, Store> all = new HashMap<>(stores);
        all.putAll(more);
        return new StepServices(clock, all, scripts, http, cpu, data, telemetry);
    }
}
