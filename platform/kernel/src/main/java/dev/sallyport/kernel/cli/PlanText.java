package dev.sallyport.kernel.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A plan for people. */
final class PlanText {

    private static final int MOST_ROUTES = 5;
    private static final int MOST_FINDINGS = 20;

    private PlanText() {}

    static void print(JsonNode plan, PrintWriter out) {
        if (!plan.path("changes").asBoolean(false)) {
            out.println("nothing would change: generation " + text(plan, "generation") + " serves it");
        } else {
            out.println("against generation " + text(plan, "generation") + ", which serves:");
        }
        plan.path("differences").forEach(each -> difference(each, out));
        plan.path("others").forEach(other -> out.println("~ " + other.asString("")));
        JsonNode through = plan.path("through");
        if (!through.isEmpty()) {
            out.println("  which also changes " + routes(through));
        }
        requests(plan.path("requests"), out);
        if (plan.path("changes").asBoolean(false)) {
            out.println(text(plan, "kept") + " filters would be kept, " + text(plan, "created") + " made");
        }
        plan.path("warnings").forEach(warning -> out.println("warning: " + warning.asString("")));
        findings(plan.path("findings"), out);
    }

    private static void findings(JsonNode findings, PrintWriter out) {
        for (int i = 0; i < Math.min(findings.size(), MOST_FINDINGS); i++) {
            out.println("lint: " + findings.get(i).asString(""));
        }
        if (findings.size() > MOST_FINDINGS) {
            out.println("lint: and " + (findings.size() - MOST_FINDINGS) + " more, which sallyport check shows");
        }
    }

    private static void difference(JsonNode difference, PrintWriter out) {
        String kind = text(difference, "kind");
        String sign = kind.equals("added") ? "+" : kind.equals("removed") ? "-" : "~";
        out.println(sign + " " + text(difference, "part") + " " + kind + "  ("
                + text(difference, "place").replaceFirst(":\\d+$", "") + ")");
        if (kind.equals("removed")) {
            return;
        }
        for (JsonNode detail : difference.path("details")) {
            out.println("    " + detail(detail, kind.equals("added")));
        }
    }

    private static String detail(JsonNode detail, boolean added) {
        String key = text(detail, "key");
        String old = detail.path("old").asString(null);
        String now = detail.path("now").asString(null);
        if (old == null) {
            return (added ? "" : "+ ") + key + ": " + now;
        }
        return now == null ? "- " + key + ": " + old : key + ": " + old + " -> " + now;
    }

    private static String routes(JsonNode names) {
        List<String> told = new ArrayList<>();
        names.forEach(name -> {
            if (told.size() < MOST_ROUTES) {
                told.add("route " + name.asString(""));
            }
        });
        int more = names.size() - told.size();
        return String.join(", ", told) + (more == 0 ? "" : " and " + more + " more routes");
    }

    private static void requests(JsonNode requests, PrintWriter out) {
        String looked = text(requests, "looked");
        if (looked.equals("0")) {
            out.println("no requests in the last " + text(requests, "past") + " to look at");
            return;
        }
        out.println(text(requests, "rerouted") + " of " + looked + " requests of the last " + text(requests, "past")
                + " that were looked at would meet another route");
        for (JsonNode group : requests.path("groups")) {
            List<String> examples = new ArrayList<>();
            group.path("examples").forEach(example -> examples.add(example.asString("")));
            out.println("    " + text(group, "from") + " -> " + text(group, "to") + ": " + text(group, "count")
                    + ", such as " + String.join(", ", examples));
        }
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).asString("");
    }
}
