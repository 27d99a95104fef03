package dev.sallyport.kernel.plugin;

import dev.sallyport.kernel.doctor.Finding;
import dev.sallyport.kernel.doctor.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Which class loaders of plugins there are, which should be gone, and what unloaded plugins left behind.
 *
 * @param plugins each plugin that was loaded since start, by id
 * @param metaspace the memory of classes, oldest first: now, and at the last unloadings
 */
public record LoaderReport(List<Plugin> plugins, List<Metaspace> metaspace) {

    public LoaderReport {
        plugins = List.copyOf(plugins);
        metaspace = List.copyOf(metaspace);
    }

    /**
     * The loaders of one plugin.
     *
     * @param live those in use: one for each version that serves or drains
     * @param retired how many were closed since start
     * @param unreclaimed those closed ones that the collector has not taken yet, oldest first
     * @param findings what was left behind, the last ones only, newest last
     * @param counts how often each kind of thing was left behind, since start
     */
    public record Plugin(
            String id,
            List<Live> live,
            long retired,
            List<Unreclaimed> unreclaimed,
            List<Noted> findings,
            Map<Kind, Long> counts) {

        public Plugin {
            live = List.copyOf(live);
            unreclaimed = List.copyOf(unreclaimed);
            findings = List.copyOf(findings);
            counts = Map.copyOf(counts);
        }

        /** How many were not collected although the collector has been there twice since: these are leaks. */
        public int leaked() {
            return (int) unreclaimed.stream().filter(Unreclaimed::leaked).count();
        }
    }

    /** A loader in use. */
    public record Live(String version, String sha256, Instant since) {}

    /**
     * A closed loader that has not been collected.
     *
     * @param since when it was closed
     * @param leaked whether the collector has been there since and had to spare it; else it only has not come yet
     */
    public record Unreclaimed(String version, String sha256, Instant since, boolean leaked) {}

    /** What was left behind, and when that was found. */
    public record Noted(Instant at, Finding finding) {}

    /**
     * The memory of classes at one moment.
     *
     * @param retired how many loaders of plugins had been closed by then
     * @param used bytes
     */
    public record Metaspace(Instant at, long retired, long used) {}
}
