package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.Canary;
import dev.sallyport.kernel.config.Discover;
import dev.sallyport.kernel.config.ResolvedConfig;
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
        return (keys.onError() == StepKeys.OnError.SKIP ? "  skipped where it fails" : "")
                + (canary == null ? "" : "  " + canary.told())
                + (one.runs() ? "" : "  passed by: its when does not hold");
    }

    private void printUpstream(PrintWriter out) {
        UpstreamConfig upstream = explained.upstream();
        if (explained.route() == null) {
            return;
        }
        out.println();
        if (upstream == null) {
            out.println("no upstream: a step answers");
            return;
        }
        String name = String.valueOf(explained.route().upstream());
        out.println("upstream " + name + "  (" + upstream.place() + ")");
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
        }
        if (explained.upstream() != null && explained.route() != null) {
            ObjectNode upstream = json.putObject("upstream");
            upstream.put("name", explained.route().upstream());
            upstream.put("balance", explained.upstream().balance().told());
            upstream.put("host", config.shown(explained.upstream().host()));
            Discover discover = explained.upstream().discover();
            if (discover != null) {
                upstream.put("discover", config.shown(discover.source()));
            }
            ArrayNode targets = upstream.putArray("targets");
            explained
                    .upstream()
                    .targets()
                    .forEach(target ->
                            targets.addObject().put("url", url(target)).put("weight", target.weight()));
        }
        return json.toPrettyString();
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
