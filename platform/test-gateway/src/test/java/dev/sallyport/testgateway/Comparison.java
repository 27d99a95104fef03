package dev.sallyport.testgateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An explanation beside what was seen from outside.
 *
 * @param told as the admin API gave it
 * @param seen counts what kinds of requests there were
 */
record Comparison(RandomTable table, JsonNode told, WireAnswer answer, Map<String, Integer> seen) {

    /** What is not as it was told. */
    List<String> differences() {
        List<String> differences = new ArrayList<>();
        JsonNode own = told.path("answer");
        String target = answer.field("x-echo-target");
        String upstream = upstream(target);
        if (own.isMissingNode()) {
            count("sent");
            compare("target", true, upstream != null, differences);
            compare("status", 200, answer.status(), differences);
            if (upstream != null) {
                compareSent(part(upstream), target, differences);
            }
        } else {
            count("answered by " + own.path("by").asString("").replaceAll(" .*", ""));
            count("status " + own.path("status").asString(""));
            compare("target", "", target, differences);
            compare("status", own.path("status").asInt(0), answer.status(), differences);
        }
        compare("steps", steps(upstream), answer.field("x-passed"), differences);
        return differences;
    }

    private void compareSent(JsonNode part, String target, List<String> differences) {
        if (part.has("target")) {
            count("sent to the one target");
            count("balanced by " + part.path("balance").asString("").replaceAll(" .*", ""));
            compare("the one target", part.path("target").asString(""), target, differences);
        }
        String line = answer.field("x-echo-line");
        compare("request line", part.path("sends").asString("") + " HTTP/1.1", line, differences);
        String host = part.path("host").asString("");
        if (!host.equals("the target's")) {
            compare("host", host, answer.field("x-echo-host"), differences);
        }
        for (JsonNode name : told.path("listener").path("drops")) {
            if (!name.asString("").equals("x-h")) { // which a step may set
                compare("dropped " + name.asString(""), "", answer.field("x-echo-" + name.asString("")), differences);
            }
        }
        for (JsonNode name : told.path("strips")) {
            compare("stripped " + name.asString(""), "", answer.field("x-echo-" + name.asString("")), differences);
        }
        for (Map.Entry<String, JsonNode> field :
                told.path("listener").path("sets").properties()) {
            if (!List.of("x-request-id", "host", "x-h").contains(field.getKey())) {
                compare(
                        "set " + field.getKey(),
                        field.getValue().asString(""),
                        answer.field("x-echo-" + field.getKey()),
                        differences);
            }
        }
    }

    /** The names of the steps that it met, in order. */
    private String steps(@Nullable String upstream) {
        List<String> names = new ArrayList<>();
        for (JsonNode step : told.path("steps")) {
            boolean ofOther =
                    step.has("upstream") && !step.path("upstream").asString("").equals(upstream);
            boolean dropped = step.path("mode").asString("").equals("monitor");
            if (step.path("runs").asBoolean(false) && !ofOther && !dropped) {
                boolean byCanary = step.path("canary").path("chance").asDouble(0) >= 100;
                names.add(step.path("id").asString("") + (byCanary ? "-canary" : ""));
            }
        }
        return String.join(",", names);
    }

    private JsonNode part(String upstream) {
        for (JsonNode part : told.path("split")) {
            if (part.path("name").asString("").equals(upstream)) {
                return part;
            }
        }
        return told.path("upstream");
    }

    private @Nullable String upstream(String target) {
        return table.upstreams().entrySet().stream()
                .filter(each -> each.getValue().contains(target))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private void count(String kind) {
        seen.merge(kind, 1, Integer::sum);
    }

    private static void compare(String what, Object expected, Object actual, List<String> differences) {
        if (!expected.equals(actual)) {
            differences.add(what + ": told " + expected + ", seen " + actual);
        }
    }
}
