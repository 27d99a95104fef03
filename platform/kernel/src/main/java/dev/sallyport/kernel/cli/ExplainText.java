package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.Canary;
import dev.sallyport.kernel.config.Destination;
import dev.sallyport.kernel.config.Discover;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute;
import dev.sallyport.kernel.config.StepKeys;
import dev.sallyport.kernel.config.UpstreamConfig;
import dev.sallyport.kernel.routing.Explanation;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Shows an explanation, to people and to programs.
 *
 * @param config the configuration that is explained, which knows how its values may be shown
 */
record ExplainText(Explained explained, ResolvedConfig config) {

    void print(PrintWriter out) {
        out.println(explained.method() + " " + explained.target()
                + (explained.host().isEmpty() ? "" : "  (host " + explained.host() + ")"));
        out.println();
        if (explained.route() == null) {
            out.println("no route: answers " + explained.status() + ", " + explained.reason());
        } else {
            out.println("route " + explained.route().route().name() + "  ("
                    + explained.route().route().place() + ")");
            out.println("  wins: " + explained.reason());
            explained.parameters().forEach((name, value) -> out.println("  {" + name + "} is " + value));
        }
        for (Explanation<?> other : explained.others()) {
            out.println("  not " + name(other) + ": " + other.reason());
        }
        printSteps(explained.steps(), out);
        printUpstream(out);
    }

    private static void printSteps(List<Explained.StepOfChain> steps, PrintWriter out) {
        String where = "";
        int number = 0;
        for (Explained.StepOfChain one : steps) {
            if (!one.where().equals(where)) {
                where = one.where();
                out.println();
                out.println(
                        switch (where) {
                            case "route" -> "steps of the route";
                            case "attempt" -> "steps of each attempt at a target";
                            default -> "steps before routing";
                        });
            }
            String type = one.step().step().type();
            String id = one.step().id();
            out.println(String.format(
                    "%3d. %s%s  %s  (%s)%s",
                    ++number,
                    type,
                    id.equals(type) ? "" : " as " + id,
                    Printed.yaml(one.step().step().config()),
                    one.step().step().place(),
                    beside(one)));
        }
    }

    private static String beside(Explained.StepOfChain one) {
        StepKeys keys = one.step().step().keys();
        Canary canary = keys.canary();
        return (keys.mode() == StepKeys.Mode.MONITOR ? "  monitored: enforces nothing" : "")
                + (keys.onError() == StepKeys.OnError.SKIP ? "  skipped where it fails" : "")
                + (canary == null ? "" : "  " + canary.told())
                + (one.runs() ? "" : "  passed by: its when does not hold");
    }

    private void printUpstream(PrintWriter out) {
        if (explained.route() == null) {
            return;
        }
        out.println();
        if (explained.upstreams().isEmpty()) {
            out.println("no upstream: a step answers");
        }
        boolean split = explained.upstreams().size() > 1;
        explained.upstreams().forEach(upstream -> print(upstream, split, out));
        if (explained.route().mirror() != null) {
            out.println("copies of " + mirrored(explained.route()) + " of the requests to upstream "
                    + explained.route().mirror());
        }
    }

    private static String mirrored(ResolvedRoute route) {
        Destination.Mirror mirror = route.route().mirror();
        return mirror == null ? "" : mirror.share().toString();
    }

    private void print(Explained.Upstream one, boolean split, PrintWriter out) {
        UpstreamConfig upstream = one.config();
        out.println(
                "upstream " + one.name() + (split ? ", weight " + one.weight() : "") + "  (" + upstream.place() + ")");
        out.println("  " + upstream.balance().told() + " over "
                + (upstream.discover() != null
                        ? "what is discovered: "
                                + config.shown(upstream.discover().source())
                        : upstream.targets().stream().map(this::target).collect(Collectors.joining(", "))));
        out.println("  Host sent on: " + config.shown(upstream.host()));
    }

    private String target(UpstreamConfig.Target target) {
        return url(target)
                + (target.weight() == 1 ? "" : " (weight " + target.weight() + ")")
                + (target.backup() ? " (backup)" : "");
    }

    String json() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("method", explained.method());
        json.put("host", explained.host());
        json.put("target", explained.target());
        if (explained.route() == null) {
            json.putNull("route");
            json.put("status", explained.status());
        } else {
            json.put("route", explained.route().route().name());
            json.put("place", explained.route().route().place().toString());
        }
        json.put("reason", explained.reason());
        ObjectNode parameters = json.putObject("parameters");
        explained.parameters().forEach(parameters::put);
        ArrayNode others = json.putArray("others");
        explained
                .others()
                .forEach(other -> others.addObject()
                        .put("route", name(other))
                        .put(
                                "outcome",
                                other.outcome()
                                        .name()
                                        .toLowerCase(java.util.Locale.ROOT)
                                        .replace('_', '-'))
                        .put("reason", other.reason()));
        ArrayNode steps = json.putArray("steps");
        for (Explained.StepOfChain one : explained.steps()) {
            ObjectNode step = steps.addObject();
            step.put("where", one.where());
            step.put("id", one.step().id());
            step.put("type", one.step().step().type());
            step.set("config", Printed.json(one.step().step().config()));
            step.put("place", one.step().step().place().toString());
            step.put("runs", one.runs());
            if (one.step().step().keys().mode() == StepKeys.Mode.MONITOR) {
                step.put("mode", "monitor");
            }
        }
        List<Explained.Upstream> upstreams = explained.upstreams();
        if (upstreams.size() == 1) {
            put(upstreams.getFirst(), json.putObject("upstream"));
        }
        for (Explained.Upstream upstream : upstreams.size() == 1 ? List.<Explained.Upstream>of() : upstreams) {
            put(upstream, json.withArray("split").addObject().put("weight", upstream.weight()));
        }
        if (explained.route() != null && explained.route().mirror() != null) {
            json.putObject("mirror").put("to", explained.route().mirror()).put("share", mirrored(explained.route()));
        }
        return json.toPrettyString();
    }

    private void put(Explained.Upstream upstream, ObjectNode json) {
        json.put("name", upstream.name());
        json.put("balance", upstream.config().balance().told());
        json.put("host", config.shown(upstream.config().host()));
        Discover discover = upstream.config().discover();
        if (discover != null) {
            json.put("discover", config.shown(discover.source()));
        }
        ArrayNode targets = json.putArray("targets");
        for (UpstreamConfig.Target target : upstream.config().targets()) {
            ObjectNode one = targets.addObject().put("url", url(target)).put("weight", target.weight());
            if (target.backup()) {
                one.put("backup", true);
            }
        }
    }

    private String url(UpstreamConfig.Target target) {
        return config.shown(target.url().toString());
    }

    private static String name(Explanation<?> explanation) {
        return explanation.route() instanceof dev.sallyport.kernel.config.ResolvedRoute route
                ? route.route().name()
                : String.valueOf(explanation.route());
    }
}
