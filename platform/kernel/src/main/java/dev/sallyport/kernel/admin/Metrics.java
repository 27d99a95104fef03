package dev.sallyport.kernel.admin;

import java.util.Map;
import java.util.stream.Collectors;

/** Writes numbers in the text format of Prometheus (version 0.0.4). Not thread-safe: one for each answer. */
public final class Metrics {

    private final StringBuilder text = new StringBuilder(1024);

    /** A value that goes up and down. */
    public Metrics gauge(String name, String help, double value) {
        return metric(name, "gauge", help).sample(name, Map.of(), value);
    }

    /** A value that only goes up. */
    public Metrics counter(String name, String help, double value) {
        return metric(name, "counter", help).sample(name, Map.of(), value);
    }

    /** Begins a metric whose samples have labels. */
    public Metrics metric(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    /** One sample of the metric that was begun last. */
    public Metrics sample(String name, Map<String, String> labels, double value) {
        text.append(name);
        if (!labels.isEmpty()) {
            text.append(labels.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(label -> label.getKey() + "=\"" + escaped(label.getValue()) + '"')
                    .collect(Collectors.joining(",", "{", "}")));
        }
        text.append(' ')
                .append(value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value))
                .append('\n');
        return this;
    }

    /** All of it. */
    public String text() {
        return text.toString();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
