package dev.sallyport.kernel.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Shows an explanation to people.
 *
 * @param told as the admin API gives it
 */
record ExplainText(JsonNode told, PrintWriter out) {

    void print() {
        request();
        route();
        steps();
        leftOut();
        if (told.has("upstream")) {
            upstream(told.path("upstream"));
        }
        told.path("split").forEach(this::upstream);
        end();
    }

    private void request() {
        JsonNode listener = told.path("listener");
        String host = text(told, "host");
        out.println(text(told, "method") + " " + text(told, "target") + "  ("
                + (host.isEmpty() ? "" : "host " + host + ", ") + "listener " + text(listener, "name")
                + (listener.has("client") ? ", client " + text(listener, "client") : "") + ")");
        if (listener.has("received")) {
            out.println("  received as " + text(listener, "received"));
        }
        if (listener.has("client") && !text(listener, "client").equals(text(listener, "peer"))) {
            out.println("  the client is believed to be " + text(listener, "client") + " by the trusted proxy "
                    + text(listener, "peer"));
        }
        List<String> drops = texts(listener.path("drops"));
        if (!drops.isEmpty()) {
            out.println("  not passed on: " + String.join(", ", drops));
        }
        List<String> strips = texts(told.path("strips"));
        if (!strips.isEmpty()) {
            out.println("  taken off, since steps set it: " + String.join(", ", strips));
        }
        out.println();
    }

    private void route() {
        JsonNode answer = told.path("answer");
        if (told.path("route").isNull()) {
            out.println("no route: " + text(answer, "by") + " answers " + text(answer, "status")
                    + (text(answer, "why").isEmpty() ? "" : ", " + text(answer, "why")));
        } else {
            out.println("route " + text(told, "route") + "  (" + text(told, "place") + ")");
            out.println("  wins: " + text(told, "reason"));
            for (Map.Entry<String, JsonNode> each : told.path("parameters").properties()) {
                out.println("  {" + each.getKey() + "} is " + each.getValue().asString(""));
            }
        }
        for (JsonNode other : told.path("others")) {
            out.println("  not " + text(other, "route") + ": " + text(other, "reason"));
        }
        int all = 0;
        List<String> kinds = new ArrayList<>();
        for (Map.Entry<String, JsonNode> each : told.path("counts").properties()) {
            all += each.getValue().asInt(0);
            kinds.add(each.getValue().asInt(0) + " by "
                    + (each.getKey().equals("less-specific") ? "precedence" : each.getKey()));
        }
        int more = all - told.path("others").size();
        if (more > 0) {
            out.println(
                    String.format(Locale.ROOT, "  nor %d more; of all %d, %s", more, all, String.join(", ", kinds)));
        }
    }

    private void steps() {
        String where = "";
        int number = 0;
        for (JsonNode step : told.path("steps")) {
            if (!text(step, "where").equals(where)) {
                where = text(step, "where");
                out.println();
                out.println(
                        switch (where) {
                            case "route" -> "steps of the route";
                            case "attempt" -> "steps of each attempt at a target";
                            default -> "steps before routing";
                        });
            }
            step(++number, step);
        }
    }

    private void step(int number, JsonNode step) {
        String type = text(step, "type");
        String id = text(step, "id");
        out.println(String.format(
                Locale.ROOT,
                "%3d. %s%s  %s  (%s)%s",
                number,
                type,
                id.equals(type) ? "" : " as " + id,
                Printed.yaml(step.path("config")),
                text(step, "place"),
                beside(step)));
        String indent = "       ";
        switch (text(step, "verdict")) {
            case "passed-by" -> out.println(indent + "passed by: its when does not hold, " + text(step, "when"));
            case "not-reached" -> out.println(indent + "not reached");
            case "answers" ->
                out.println(indent
                        + (text(step, "mode").equals("monitor") ? "monitored: would answer " : "answers ")
                        + text(step, "status")
                        + (step.has("says") ? ": " + text(step, "says") : ""));
            default -> {
                if (step.has("says")) {
                    out.println(indent + text(step, "says"));
                }
            }
        }
        texts(step.path("changes")).forEach(change -> out.println(indent + change));
        for (Map.Entry<String, JsonNode> note : step.path("notes").properties()) {
            out.println(
                    indent + "notes " + note.getKey() + ": " + note.getValue().asString(""));
        }
    }

    private static String beside(JsonNode step) {
        StringBuilder beside = new StringBuilder();
        if (step.has("from")) {
            beside.append("  from ").append(text(step, "from"));
        }
        if (step.has("version")) {
            beside.append("  ").append(text(step, "version"));
        }
        if (!text(step, "mode").equals("enforce")) {
            beside.append("  mode: ").append(text(step, "mode"));
        }
        if (step.has("onError")) {
            beside.append("  skipped where it fails");
        }
        if (step.has("canary")) {
            JsonNode canary = step.path("canary");
            beside.append("  ").append(text(canary, "told"));
            if (canary.has("chance")) {
                double chance = canary.path("chance").asDouble(0);
                beside.append(
                        chance >= 100
                                ? "; takes this request"
                                : chance > 0 ? "; may take this request" : "; does not take this request");
            }
        }
        return beside.toString();
    }

    private void leftOut() {
        if (told.has("leftOut")) {
            out.println();
        }
        for (JsonNode step : told.path("leftOut")) {
            out.println("  not " + text(step, "id") + "  (" + text(step, "place") + "): " + text(step, "why"));
        }
    }

    private void upstream(JsonNode upstream) {
        out.println();
        out.println("upstream " + text(upstream, "name")
                + (upstream.has("weight")
                        ? ", weight " + text(upstream, "weight") + ", " + text(upstream, "share") + "% of the requests"
                        : "")
                + "  (" + text(upstream, "place") + ")");
        List<String> targets = new ArrayList<>();
        upstream.path("targets").forEach(target -> targets.add(target(target)));
        out.println("  " + text(upstream, "balance") + " over "
                + (upstream.has("discover") ? "what is discovered: " + text(upstream, "discover") + " " : "")
                + String.join(", ", targets));
        if (upstream.has("panic")) {
            out.println("  so few are well that all are used");
        }
        if (upstream.has("target")) {
            out.println("  the target is " + text(upstream, "target"));
        }
        JsonNode answer = upstream.path("answer");
        if (!answer.isMissingNode()) {
            out.println("  " + text(answer, "by") + " answers " + text(answer, "status"));
        } else if (!upstream.path("reached").asBoolean(false)) {
            out.println("  not reached");
        } else {
            out.println("  sends " + text(upstream, "sends"));
            out.println("  Host sent on: " + text(upstream, "host"));
        }
    }

    private static String target(JsonNode target) {
        String health = text(target, "health");
        return text(target, "url")
                + (target.path("weight").asInt(1) == 1 ? "" : " (weight " + text(target, "weight") + ")")
                + (target.has("backup") ? " (backup)" : "")
                + (health.equals("unhealthy") ? " (unhealthy)" : "")
                + (target.path("ejected").asBoolean(false) ? " (ejected)" : "");
    }

    private void end() {
        boolean routed = !told.path("route").isNull();
        JsonNode answer = told.path("answer");
        if (routed && !told.has("upstream") && !told.has("split")) {
            out.println();
            out.println("no upstream: a step answers");
        }
        for (JsonNode other : told.path("otherUpstreams")) {
            out.println("a step may send it to upstream " + text(other, "name") + " instead  (" + text(other, "place")
                    + ")");
            other.path("steps")
                    .forEach(step -> out.println("  through " + text(step, "id") + "  (" + text(step, "place") + ")"));
        }
        if (told.has("mirror")) {
            JsonNode mirror = told.path("mirror");
            out.println("copies of " + text(mirror, "share") + " of the requests to upstream " + text(mirror, "to"));
            mirror.path("steps")
                    .forEach(step -> out.println("  through " + text(step, "id") + "  (" + text(step, "place") + ")"));
        }
        if (routed && !answer.isMissingNode()) {
            out.println();
            out.println(text(answer, "by") + " answers " + text(answer, "status")
                    + (text(answer, "why").isEmpty() ? "" : ": " + text(answer, "why")));
        }
        List<String> unsure = texts(told.path("unsure"));
        if (!unsure.isEmpty()) {
            out.println();
            unsure.forEach(line -> out.println("not sure: " + line));
        }
    }

    private static String text(JsonNode json, String key) {
        return json.path(key).asString("");
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(one -> texts.add(one.asString("")));
        return texts;
    }
}
