package dev.sallyport.plugins.elk;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Size;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of the step {@code elk}. */
public record ElkConfig(
        @Doc("An Elasticsearch to send to.") @Nullable ElasticsearchConfig elasticsearch,

        @Doc("A Logstash to send to, in the place of Elasticsearch.") @Nullable
        LogstashConfig logstash,

        @Doc("How much may wait in memory for the disk; what has no room is dropped and counted.")
        @Default("16MiB")
        @Min(65_536)
        @Max(1 << 30)
        Size queue,

        @Doc("What waits on disk, in the step's data folder, until it has arrived.") @Nullable
        SpoolConfig spool,

        @Doc("How many records are sent together, at most.") @Default("2000") @Min(1) @Max(10_000)
        int batch,

        @Doc("About how many bytes are sent together, at most.") @Default("4MiB") @Min(1024) @Max(67_108_864)
        Size batchSize,

        @Doc("How long to wait after a failure; twice as long after each further one.")
        @Default("500ms")
        @Min(10)
        @Max(60_000)
        Duration retryFirst,

        @Doc("How long to wait at most; at once so long where we are refused.") @Default("30s") @Min(10) @Max(3_600_000)
        Duration retryMost,

        @Doc("Further request headers to send.") List<String> headers,

        @Doc("Names of query parameters whose values are sent as ***, beside access_token, password and their like.")
        List<String> maskQuery,

        @Doc("What is sent of bodies; without it, nothing.") @Nullable
        BodyConfig body,

        @Doc("Further facts that each record has, by name.") Map<String, String> labels,

        @Doc("What this gateway is called; those of one purpose have one name.") @Default("sallyport")
        String service,

        @Doc("Which of them it is.") @Nullable String node,

        @Doc("Such as production.") @Nullable String environment) {

    private static final Set<String> SECRET = Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

    /** What waits on disk. */
    public record SpoolConfig(
            @Doc("Bytes on disk; beyond it, new records are dropped and counted.") @Default("1GiB") @Min(1_048_576)
            Size size,

            @Doc("Bytes of one file; a file is deleted when all in it has arrived.")
            @Default("16MiB")
            @Min(65_536)
            @Max(1 << 30)
            Size segment,

            @Doc("When the disk is synchronised, and so what a loss of power takes: always (nothing that was written),"
                    + " every-second (a second's), never (what the operating system still held).")
            @Default("every-second")
            Sync sync) {

        static final SpoolConfig DEFAULT = new SpoolConfig(Size.parse("1GiB"), Size.parse("16MiB"), Sync.EVERY_SECOND);

        /** A file is a part of the whole. */
        public SpoolConfig {
            if (segment.bytes() > size.bytes()) {
                throw new ConfigException("segment", segment + " (expected: at most size, " + size + ")");
            }
        }
    }

    /** What is sent of bodies. */
    public record BodyConfig(
            @Doc("Bytes of a body; what is beyond is not sent.") @Default("4KiB") @Min(1) @Max(65_536)
            Size max,

            @Doc("Media types of text; application/json also stands for all that end in +json.")
            @Default("[application/json, application/xml, application/x-www-form-urlencoded, text/plain]")
            List<String> types,

            @Doc("Whether those of requests are sent.") @Default("true")
            boolean request,

            @Doc("Whether those of responses are sent.") @Default("true")
            boolean response) {

        /** Types are compared in lower case. */
        public BodyConfig {
            types = types.stream().map(type -> type.toLowerCase(Locale.ROOT)).toList();
        }
    }

    /** Checks what one key says against the others. */
    public ElkConfig {
        headers = headers.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        maskQuery = List.copyOf(maskQuery);
        labels = Map.copyOf(labels);
        if ((elasticsearch == null) == (logstash == null)) {
            throw new ConfigException(
                    elasticsearch == null ? "elasticsearch" : "logstash",
                    elasticsearch == null
                            ? "missing (expected: elasticsearch or logstash); add one"
                            : "beside elasticsearch (expected: one of both); remove one");
        }
        Set<String> names = new HashSet<>();
        for (String label : labels.keySet()) {
            if (!names.add(label.replace('.', '_'))) {
                throw new ConfigException(
                        "labels", label + " (expected: names that differ in more than . and _); remove one");
            }
        }
        if (Set.copyOf(headers).size() < headers.size()) {
            throw new ConfigException("headers", headers + " (expected: each once, in whichever case); remove one");
        }
        for (String name : headers) {
            if (SECRET.contains(name)) {
                throw new ConfigException("headers", name + " (expected: another header, this one carries secrets)");
            }
        }
    }

    /** Steps for which this is equal share a pipeline. */
    record Destination(
            @Nullable ElasticsearchConfig elasticsearch,
            @Nullable LogstashConfig logstash,
            Pipeline.Bounds bounds) {

        Output open() {
            if (elasticsearch != null) {
                return elasticsearch.open();
            }
            if (logstash == null) {
                throw new IllegalStateException("nowhere");
            }
            return logstash.open();
        }

        /** Where it is, for people. */
        String shown() {
            return elasticsearch != null
                    ? elasticsearch.url() + " " + elasticsearch.dataStream()
                    : String.valueOf(logstash == null ? null : logstash.url());
        }
    }

    Destination destination() {
        SpoolConfig disk = spool == null ? SpoolConfig.DEFAULT : spool;
        return new Destination(
                elasticsearch,
                logstash,
                new Pipeline.Bounds(
                        queue.bytes(),
                        disk.size().bytes(),
                        disk.segment().bytes(),
                        disk.sync(),
                        retryFirst,
                        retryMost,
                        batch,
                        batchSize.bytes()));
    }
}
