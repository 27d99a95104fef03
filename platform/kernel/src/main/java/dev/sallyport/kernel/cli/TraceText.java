package dev.sallyport.kernel.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Shows a trace to people. */
final class TraceText {

    private TraceText() {}

    static void print(JsonNode trace, PrintWriter out) {
        JsonNode request = trace.path("request");
        JsonNode response = trace.path("response");
        out.println(text(trace, "at") + "  " + text(request, "method") + " "
                + request.path("headers").path("host").asString("") + text(request, "target") + "  "
                + text(response, "status") + "  " + millis(trace.path("tookMicros")) + "  "
                + (trace.has("route") ? "route " + text(trace, "route") : "no route")
                + (trace.has("consumer") ? "  consumer " + text(trace, "consumer") : ""));
        out.println("  request " + text(trace, "id") + " from " + text(trace, "client") + " by "
                + text(trace, "protocol") + " at " + text(trace, "listener") + ", generation "
                + text(trace, "generation") + ", body " + text(request, "bodyBytes") + " bytes in, "
                + text(response, "bodyBytes") + " out"
                + (response.path("tunnel").asBoolean(false) ? ", a tunnel" : "")
                + (text(trace, "outcome").equals("completed")
                        ? ""
                        : "; " + text(trace, "outcome") + ": " + text(trace, "failure")));
        String place = "";
        for (JsonNode step : trace.path("steps")) {
            if (!text(step, "place").equals(place)) {
                place = text(step, "place");
                out.println("  " + place);
            }
            step(step, out);
        }
        if (trace.has("stepsLeftOut")) {
            out.println("    … and " + text(trace, "stepsLeftOut") + " more");
        }
        trace.path("attempts").forEach(attempt -> out.println("  " + attempt(attempt)));
        out.println();
    }

    private static void step(JsonNode step, PrintWriter out) {
        String id = text(step, "id");
        String type = text(step, "type");
        String version = text(step, "version");
        boolean passedBy = text(step, "verdict").equals("passed-by");
        out.printf(
                "  %3s. %-24s %-28s%s%n",
                text(step, "order"),
                (id.equals(type) ? id : id + " (" + type + ")") + (version.isEmpty() ? "" : " " + version),
                verdict(step),
                passedBy
                        ? ""
                        : " self " + millis(step.path("selfMicros")) + ", in all " + millis(step.path("totalMicros")));
        change("request", step.path("request"), out);
        change("response", step.path("response"), out);
        List<String> notes = new ArrayList<>();
        step.path("notes").properties().forEach(note -> notes.add(note.getKey() + ": " + plain(note.getValue())));
        if (!notes.isEmpty()) {
            out.println("         notes: " + String.join(", ", notes));
        }
    }

    private static String verdict(JsonNode step) {
        String verdict = text(step, "verdict");
        String failure = text(step, "failure");
        String told = verdict.equals("answered")
                ? "answered " + step.path("response").path("status").asString("")
                : verdict;
        JsonNode problem = step.path("problem");
        String why = problem.has("title") ? ": " + text(problem, "title") : failure.isEmpty() ? "" : ": " + failure;
        return (text(step, "mode").equals("monitor") ? "would have " : "")
                + told
                + why
                + (step.has("passedOn") ? ", " + text(step, "passedOn") + " came through" : "")
                + (step.has("nextCalls") ? ", went on " + text(step, "nextCalls") + " times" : "");
    }

    private static void change(String of, JsonNode change, PrintWriter out) {
        List<String> parts = new ArrayList<>();
        for (String key : List.of("method", "target", "status")) {
            if (change.has(key)) {
                parts.add(key + " " + text(change, key));
            }
        }
        JsonNode headers = change.path("headers");
        boolean whole = !headers.has("set") && !headers.has("removed");
        (whole ? headers : headers.path("set"))
                .properties()
                .forEach(field -> parts.add(field.getKey() + ": " + plain(field.getValue())));
        headers.path("removed").forEach(name -> parts.add("no " + name.asString("")));
        if (change.has("body")) {
            parts.add("body of " + size(change.path("body").path("from")) + " became "
                    + size(change.path("body").path("to")));
        }
        if (!parts.isEmpty()) {
            out.println("         " + of + ": " + String.join("; ", parts));
        }
    }

    private static String size(JsonNode size) {
        return size.isNumber() ? size.asString("") + " bytes" : "unknown length";
    }

    private static String attempt(JsonNode attempt) {
        StringBuilder line = new StringBuilder("attempt " + text(attempt, "number") + " at " + text(attempt, "upstream")
                + " " + text(attempt, "target") + ": ");
        line.append(attempt.has("status") ? text(attempt, "status") : text(attempt, "failure"));
        line.append(", in all ").append(millis(attempt.path("totalMicros")));
        if (attempt.has("connection")) {
            line.append(", ").append(text(attempt, "connection")).append(" connection");
        }
        String[][] parts = {
            {"resolveMicros", "resolved in "},
            {"connectMicros", "connected in "},
            {"tlsMicros", "TLS in "},
            {"firstByteMicros", "first byte after "}
        };
        for (String[] part : parts) {
            if (attempt.has(part[0])) {
                line.append(", ").append(part[1]).append(millis(attempt.path(part[0])));
            }
        }
        return line.toString();
    }

    private static String millis(JsonNode micros) {
        return String.format(Locale.ROOT, "%.3f ms", micros.asLong(0) / 1000.0);
    }

    private static String plain(JsonNode value) {
        return value.isValueNode() ? value.asString("") : value.toString();
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).asString("");
    }
}
