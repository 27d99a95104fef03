package dev.sallyport.kernel.telemetry;

import io.opentelemetry.sdk.metrics.data.MetricData;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes metrics of the SDK in the text format of Prometheus, by the names that OpenTelemetry's specification gives them
 * there. The form itself is the official client's. Thread-safe.
 */
final class PrometheusText {

    private static final System.Logger LOG = System.getLogger("telemetry");

    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

    /** The names that have been told of already. */
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    /** Metrics of one owner, and what labels each of its values has besides its attributes. */
    record Part(Map<String, String> labels, Collection<MetricData> metrics) {}

    /** What only grows of parts that are no more. */
    static final class Kept {

        private final Map<String, Family> families = new TreeMap<>();

        void add(Part part) {
            for (MetricData metric : part.metrics()) {
                Family family = Family.of(metric, part.labels());
                if (family != null && family.kind().grows()) {
                    families.merge(family.name(), family, (before, more) -> {
                        before.add(more);
                        return before;
                    });
                }
            }
        }
    }

    /** The text; values under the same name and labels are added up where they only grow, else the last one counts. */
    String of(List<Part> parts, Collection<Kept> kept) {
        Map<String, Family> families = new TreeMap<>();
        for (Part part : parts) {
            for (MetricData metric : part.metrics()) {
                Family family = Family.of(metric, part.labels());
                if (family != null) {
                    add(families, family);
                }
            }
        }
        kept.forEach(each -> each.families.values().forEach(family -> add(families, family)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(
                    out,
                    new MetricSnapshots(
                            families.values().stream().map(Family::snapshot).toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Where two mean different things by one name, what the first says counts. */
    private void add(Map<String, Family> families, Family more) {
        Family family = families.computeIfAbsent(more.name(), first -> more.empty());
        if (!family.add(more) && refused.add(more.name())) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a metric {0} is not shown: it is a {1}, and another one of that name is a {2}",
                    more.name(),
                    more.kind(),
                    family.kind());
        }
    }
}
