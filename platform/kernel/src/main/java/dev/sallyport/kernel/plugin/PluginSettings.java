package dev.sallyport.kernel.plugin;

import dev.sallyport.kernel.config.TrustConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/**
 * How {@link Plugins} work.
 *
 * @param folder where jars are dropped; made where it does not exist
 * @param data the gateway's own folder, for the store and the state; made where it does not exist
 * @param api the version of the plugin API that plugins may require
 * @param clock gives the time; tests set it
 * @param limit how long one call into a plugin's life (a constructor, create, close) may take
 * @param keep hashes that earlier generations name: the store keeps their jars
 * @param owner whether this process is the gateway that the data folder belongs to; a command that only looks does not
 *     write the state and does not tidy the store
 * @param writable whether it is accepted that others than its owner can write the folder and its files
 * @param trust whose plugins are taken
 */
public record PluginSettings(
        Path folder,
        Path data,
        String api,
        Clock clock,
        Duration limit,
        Set<String> keep,
        boolean owner,
        boolean writable,
        TrustConfig trust) {

    public PluginSettings {
        keep = Set.copyOf(keep);
    }

    /** The usual settings of a gateway. */
    public static PluginSettings of(Path folder, Path data) {
        return new PluginSettings(
                folder,
                data,
                Plugins.API_VERSION,
                Clock.systemUTC(),
                Duration.ofSeconds(10),
                Set.of(),
                true,
                false,
                TrustConfig.DEFAULT);
    }

    public PluginSettings withApi(String changed) {
        return new PluginSettings(folder, data, changed, clock, limit, keep, owner, writable, trust);
    }

    public PluginSettings withClock(Clock changed) {
        return new PluginSettings(folder, data, api, changed, limit, keep, owner, writable, trust);
    }

    public PluginSettings withLimit(Duration changed) {
        return new PluginSettings(folder, data, api, clock, changed, keep, owner, writable, trust);
    }

    public PluginSettings withKeep(Set<String> changed) {
        return new PluginSettings(folder, data, api, clock, limit, changed, owner, writable, trust);
    }

    public PluginSettings withOwner(boolean changed) {
        return new PluginSettings(folder, data, api, clock, limit, keep, changed, writable, trust);
    }

    public PluginSettings withWritable(boolean changed) {
        return new PluginSettings(folder, data, api, clock, limit, keep, owner, changed, trust);
    }

    public PluginSettings withTrust(TrustConfig changed) {
        return new PluginSettings(folder, data, api, clock, limit, keep, owner, writable, changed);
    }
}
