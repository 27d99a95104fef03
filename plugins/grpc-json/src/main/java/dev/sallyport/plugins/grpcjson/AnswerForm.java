package dev.sallyport.plugins.grpcjson;

import dev.sallyport.plugins.grpcjson.GrpcJsonConfig.Streams;
import java.util.List;
import java.util.Locale;

/** How a stream of messages is written. */
enum AnswerForm {
    JSON_LINES("application/x-ndjson"),
    ARRAY("application/json"),
    SSE("text/event-stream"),
    /** Bytes of any type, one message's after the other's. */
    RAW("application/octet-stream");

    private final String type;

    AnswerForm(String type) {
        this.type = type;
    }

    String type() {
        return type;
    }

    /** What a client takes (RFC 9110 §12.5.1); where its Accept chooses none, what the settings say. */
    static AnswerForm chosen(List<String> accept, Streams otherwise) {
        AnswerForm best = null;
        double weight = 0;
        for (String field : accept) {
            for (String range : field.split(",", -1)) {
                String[] parts = range.toLowerCase(Locale.ROOT).split(";", -1);
                AnswerForm form = switch (parts[0].strip()) {
                    case "application/json" -> ARRAY;
                    case "text/event-stream" -> SSE;
                    case "application/x-ndjson",
                            "application/ndjson",
                            "application/jsonl",
                            "application/x-jsonlines",
                            "application/stream+json" -> JSON_LINES;
                    default -> null;
                };
                double q = quality(parts);
                if (form != null && q > weight) {
                    best = form;
                    weight = q;
                }
            }
        }
        if (best != null) {
            return best;
        }
        return switch (otherwise) {
            case JSON_LINES -> JSON_LINES;
            case ARRAY -> ARRAY;
            case SSE -> SSE;
        };
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.matches("q=(0(\\.\\d{0,3})?|1(\\.0{0,3})?)")) {
                return Double.parseDouble(parameter.substring(2));
            }
        }
        return 1;
    }
}
