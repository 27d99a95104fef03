package dev.sallyport.kernel.explain;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Request;
import dev.sallyport.kernel.canary.Trial;
import dev.sallyport.kernel.chain.AskedExchange;
import dev.sallyport.kernel.chain.ServedStep;
import dev.sallyport.kernel.config.Canary;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute.ResolvedStep;
import dev.sallyport.kernel.config.StepKeys;
import dev.sallyport.kernel.config.WrittenText;
import dev.sallyport.kernel.routing.MatchCondition;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Goes through steps in their order with one request, asking each what it would do. For one thread. */
final class StepsWalk {

    private static final int LONGEST = 500;

    private final ResolvedConfig config;
    private final AskedExchange exchange;
    private final ArrayNode steps;
    private final Origins origins;
    private final Set<String> unsure = new TreeSet<>();
    private Request request;
    private @Nullable Answer answer;

    /**
     * Who answers without the request being sent.
     *
     * @param by {@code listener}, {@code gateway} or {@code step} and its id
     */
    record Answer(int status, String by, String why) {}

    /** @param steps where what is found is put */
    StepsWalk(ResolvedConfig config, AskedExchange exchange, Request request, ArrayNode steps) {
        this.config = config;
        this.exchange = exchange;
        this.request = request;
        this.steps = steps;
        origins = new Origins(config.config());
    }

    /** The request as the last step leaves it. */
    Request request() {
        return request;
    }

    /** Goes on with another request. */
    void request(Request other) {
        request = other;
    }

    /** Who has answered so far. */
    @Nullable
    Answer answer() {
        return answer;
    }

    /** Somebody else answers. */
    void answer(@Nullable Answer given) {
        answer = given;
    }

    /** What was found of each step. */
    ArrayNode steps() {
        return steps;
    }

    /** Whether any step runs. */
    boolean ran() {
        for (JsonNode step : steps) {
            if (step.path("runs").asBoolean(false)) {
                return true;
            }
        }
        return false;
    }

    /** Why what comes of it may be something else, in a sentence each. */
    Set<String> unsure() {
        return unsure;
    }

    /** Goes through the steps of one place. */
    void walk(String where, List<ResolvedStep> resolved, List<ServedStep> served) {
        for (int i = 0; i < resolved.size(); i++) {
            step(where, resolved.get(i), Subject.served(served, i), steps.addObject());
        }
    }

    /** Goes through the steps of the attempt at a target of that upstream. */
    void walkAttempt(String upstream, List<ResolvedStep> resolved, List<ServedStep> served) {
        for (int i = 0; i < resolved.size(); i++) {
            ObjectNode json = steps.addObject().put("upstream", upstream);
            step("attempt", resolved.get(i), Subject.served(served, i), json);
        }
    }

    private void step(String where, ResolvedStep step, @Nullable ServedStep served, ObjectNode json) {
        describe(where, step, served, json);
        MatchCondition when = MatchCondition.allOf(step.when());
        String missed = when.missed(request, config::shown);
        if (!when.isAlways()) {
            json.put("when", missed == null ? "holds" : missed);
        }
        boolean runs = missed == null && answer == null;
        json.put("runs", runs);
        if (!runs) {
            json.put("verdict", answer == null ? "passed-by" : "not-reached");
            return;
        }
        boolean byCanary = canary(step, served, json);
        Consumer before = exchange.consumer();
        AskedExchange.Left left = exchange.left();
        exchange.takeNotes();
        Explanation told = served == null ? new Explanation.Unknown("") : served.explain(request, byCanary);
        ArrayNode changes = json.putArray("changes");
        boolean monitored = step.step().keys().mode() == StepKeys.Mode.MONITOR; // then it is told, and enforces nothing
        switch (told) {
            case Explanation.Passes passes -> {
                json.put("verdict", "passes");
                Changes.between(request, passes.request()).forEach(change -> changes.add(shown(change)));
                request = monitored ? request : passes.request();
            }
            case Explanation.Answers answers -> {
                json.put("verdict", "answers").put("status", answers.status());
                answer = monitored ? null : new Answer(answers.status(), "step " + step.id(), shown(answers.text()));
            }
            case Explanation.Unknown _ -> {
                json.put("verdict", "unknown");
                if (served != null && !monitored) {
                    unsure.add("step " + step.id() + " (" + step.step().place()
                            + ") may answer, or change the request: that is not known before it runs");
                }
            }
        }
        if (!told.text().isEmpty()) {
            json.put("says", shown(told.text()));
        }
        Consumer caller = exchange.consumer();
        if (caller != null && !caller.equals(before)) {
            changes.add("the caller is " + caller.name());
        }
        if (monitored) {
            exchange.restore(left);
        }
        notes(exchange.takeNotes(), json);
    }

    private void describe(String where, ResolvedStep step, @Nullable ServedStep served, ObjectNode json) {
        StepKeys keys = step.step().keys();
        json.put("where", where)
                .put("id", step.id())
                .put("type", step.step().type())
                .put("place", step.step().place().toString());
        String origin = where.equals("route") ? origins.of(step) : "";
        if (!origin.isEmpty()) {
            json.put("from", origin);
        }
        json.set("config", WrittenText.json(step.step().config()));
        json.put("mode", keys.mode().name().toLowerCase(Locale.ROOT));
        if (keys.onError() == StepKeys.OnError.SKIP) {
            json.put("onError", "skip");
        }
        String version = served == null ? keys.version() : served.version();
        if (version != null) {
            json.put("version", version);
        }
        if (keys.share() != null) {
            json.put("share", keys.share());
        }
    }

    /** Whether its canary takes the request. */
    private boolean canary(ResolvedStep step, @Nullable ServedStep served, ObjectNode json) {
        Canary canary = step.step().keys().canary();
        if (canary == null) {
            return false;
        }
        ObjectNode told = json.putObject("canary").put("told", canary.told());
        Trial trial = served == null ? null : served.trial();
        if (trial == null) {
            return false;
        }
        double chance = trial.chance(request);
        told.put("version", trial.canary().shown()).put("chance", chance);
        if (chance > 0 && chance < 100) {
            unsure.add("step " + step.id() + " runs as its canary by chance, " + chance + "% of the time");
        }
        return chance >= 100;
    }

    private void notes(Map<String, Object> notes, ObjectNode json) {
        if (!notes.isEmpty()) {
            ObjectNode all = json.putObject("notes");
            notes.forEach((name, value) -> all.put(name, shown(String.valueOf(value))));
        }
    }

    /** Of what plugins made of values of the configuration, or say at length. */
    private String shown(String text) {
        String hidden = config.hide(text);
        return hidden.length() <= LONGEST ? hidden : hidden.substring(0, LONGEST) + "…";
    }
}
