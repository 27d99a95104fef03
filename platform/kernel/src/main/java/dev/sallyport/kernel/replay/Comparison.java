package dev.sallyport.kernel.replay;

import dev.sallyport.kernel.config.GatewayConfig.Match;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.replay.Replayer.Replayed;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Counts where what would become of recorded requests differs from what became of them. For one thread. */
final class Comparison {

    private final int examples;
    private final Set<String> routesByHeader = new HashSet<>();
    private final Map<Difference, Found> differences = new LinkedHashMap<>();
    private final Map<String, Integer> unknown = new TreeMap<>();
    private final Map<String, Integer> leftOut = new TreeMap<>();
    private int requests;
    private int same;
    private int notKnown;

    /**
     * What differs.
     *
     * @param kind {@code route} or {@code verdict}
     * @param route of both, for a verdict
     */
    private record Difference(String kind, String route, String from, String to) {}

    private static final class Found {
        private int count;
        private final List<String> examples = new ArrayList<>();
    }

    /** @param examples how many requests are shown for each difference */
    Comparison(ResolvedConfig config, int examples) {
        this.examples = examples;
        config.routes().stream()
                .filter(route -> route.route().match().stream().anyMatch(Comparison::judgesHeaders))
                .forEach(route -> routesByHeader.add(route.route().name()));
    }

    private static boolean judgesHeaders(Match match) {
        return !match.headers().isEmpty();
    }

    /** One more, as it was and as it would be. */
    void add(Recorded recorded, Outcome was, Replayed would) {
        requests++;
        would.unknown().forEach((step, why) -> unknown.merge(step + " " + why, 1, Integer::sum));
        would.leftOut().forEach(step -> leftOut.merge(step, 1, Integer::sum));
        Outcome now = would.outcome();
        if (was.routeKnown() && !was.toldRoute().equals(now.toldRoute())) {
            if (!recorded.allHeaders() && (isByHeader(was) || isByHeader(now))) {
                unknown.merge("routing by header fields, which were not recorded", 1, Integer::sum);
                notKnown++;
            } else {
                found(new Difference("route", "", was.toldRoute(), told(now)), recorded);
            }
        } else if (!was.hasVerdictOf(now)) {
            found(new Difference("verdict", now.toldRoute(), was.verdict(), now.verdict()), recorded);
        } else if (!would.unknown().isEmpty()) {
            notKnown++;
        } else {
            same++;
        }
    }

    private boolean isByHeader(Outcome outcome) {
        return outcome.route() != null && routesByHeader.contains(outcome.route());
    }

    private static String told(Outcome now) {
        return now.route() == null ? "no route (" + now.status() + ")" : now.route();
    }

    private void found(Difference difference, Recorded recorded) {
        Found found = differences.computeIfAbsent(difference, first -> new Found());
        found.count++;
        if (found.examples.size() < examples) {
            found.examples.add(recorded.told() + " (line " + recorded.line() + ")");
        }
    }

    boolean hasDifferences() {
        return !differences.isEmpty();
    }

    private List<Map.Entry<Difference, Found>> sorted() {
        return differences.entrySet().stream()
                .sorted((one, other) -> Integer.compare(other.getValue().count, one.getValue().count))
                .toList();
    }

    void print(int unread, PrintWriter out) {
        int different = requests - same - notKnown;
        out.println(requests + " requests: " + same + " the same, " + different + " different, " + notKnown
                + " the same as far as it is known");
        if (unread > 0) {
            out.println(unread + " lines are neither traces nor of an access log");
        }
        for (Map.Entry<Difference, Found> each : sorted()) {
            Difference difference = each.getKey();
            out.println();
            out.println(each.getValue().count + " × "
                    + (difference.kind().equals("route") ? "another route: " : "route " + difference.route() + ": ")
                    + difference.from() + " → " + difference.to());
            each.getValue().examples.forEach(example -> out.println("    " + example));
        }
        if (!unknown.isEmpty()) {
            out.println();
            out.println("not known, and taken to go on as before:");
            unknown.forEach((what, count) -> out.println("  " + count + " × " + what));
        }
        if (!leftOut.isEmpty()) {
            out.println();
            out.println("not run, since they may do more than decide:");
            leftOut.forEach((step, count) -> out.println("  " + count + " × " + step));
        }
    }

    ObjectNode json(int unread) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("requests", requests)
                .put("same", same)
                .put("different", requests - same - notKnown)
                .put("notKnown", notKnown)
                .put("unreadLines", unread);
        ArrayNode list = json.putArray("differences");
        for (Map.Entry<Difference, Found> each : sorted()) {
            Difference difference = each.getKey();
            ObjectNode one = list.addObject().put("kind", difference.kind());
            if (!difference.route().isEmpty()) {
                one.put("route", difference.route());
            }
            one.put("from", difference.from()).put("to", difference.to()).put("count", each.getValue().count);
            each.getValue().examples.forEach(one.putArray("examples")::add);
        }
        ObjectNode notKnownSteps = json.putObject("unknown");
        unknown.forEach(notKnownSteps::put);
        ObjectNode notRun = json.putObject("notRun");
        leftOut.forEach(notRun::put);
        return json;
    }
}
