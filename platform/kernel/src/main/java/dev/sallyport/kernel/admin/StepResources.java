package dev.sallyport.kernel.admin;

import dev.sallyport.api.Query;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.kernel.admin.Resource.Parameter;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.http.SideServer.Answer;
import dev.sallyport.kernel.plugin.PluginException;
import dev.sallyport.kernel.step.StepInstance;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The resources that show the state of steps that have one, have them do something, and ask them. */
public final class StepResources {

    /** What a step may have to show: what is longer is not. */
    private static final int MOST_STATE = 1 << 20;

    /** What a step may answer. */
    private static final int MOST_ANSWER = 8 << 20;

    private static final long MOST_LISTED = 1000;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Supplier<Generation> generation;

    /** @param generation the one that serves */
    public StepResources(Supplier<Generation> generation) {
        this.generation = generation;
    }

    /** Adds them to the API. */
    public AdminApi offerOn(AdminApi api) {
        return api.offer(Resource.get(
                                "steps",
                                "/v1/steps",
                                "The steps that have something to show: their state, and what they can be told to do.",
                                call -> Answer.json(200, list(call).toString()))
                        .with(
                                Parameter.of(
                                        "step",
                                        "Only the one of that name, such as circuit-breaker/orders/circuit-breaker."),
                                Parameter.of("type", "Only those of that type."),
                                Parameter.of("limit", "The most to list; at most " + MOST_LISTED + "."),
                                Parameter.of("offset", "How many to leave out first.")))
                .offer(Resource.of(
                                "tellStep",
                                "POST",
                                "/v1/steps/command",
                                Role.OPERATE,
                                "Has a step do something that GET /v1/steps lists among its commands.",
                                this::tell)
                        .with(
                                Parameter.of("step", "Its name, as GET /v1/steps has it."),
                                Parameter.of("command", "What to do."),
                                Parameter.of("on", "The part of its state that is meant; all of it if not given.")))
                .offer(Resource.get(
                                "askStep",
                                "/v1/steps/query",
                                "Asks a step something that GET /v1/steps lists among its queries.",
                                this::ask)
                        .with(
                                Parameter.of("step", "Its name, as GET /v1/steps has it."),
                                Parameter.of("query", "What is asked."),
                                Parameter.others("The parameters of that query, as GET /v1/steps has them.")));
    }

    private ArrayNode list(Call call) throws RefusedCallException {
        Long limit = call.number("limit");
        Long offset = call.number("offset");
        String type = call.parameter("type");
        Generation now = generation.get();
        ArrayNode list = JSON.createArrayNode();
        of(now, call.parameter("step")).stream()
                .filter(step -> type == null || type.equals(type(step)))
                .skip(offset == null ? 0 : offset)
                .limit(limit == null ? MOST_LISTED : Math.min(limit, MOST_LISTED))
                .forEach(step -> list.add(json(now, step)));
        return list;
    }

    /** Those of that name, which are two where a canary runs beside what serves; all where it is null. */
    private static List<StepInstance> of(Generation now, @Nullable String name) {
        return now.steps().values().stream()
                .filter(step -> name == null || name.equals(step.key().state()))
                .filter(StepInstance::isOperable)
                .sorted(Comparator.comparing((StepInstance step) -> step.key().state())
                        .thenComparing(step -> step.artefact().version()))
                .toList();
    }

    /** A type may have a publisher, and a slash after it. */
    private static String type(StepInstance step) {
        String state = step.key().state();
        return step.artefact().extensions().stream()
                .map(extension -> extension.type())
                .filter(type -> state.startsWith(type + "/"))
                .max(Comparator.comparingInt(String::length))
                .orElse("");
    }

    private static ObjectNode json(Generation now, StepInstance step) {
        ObjectNode json = JSON.createObjectNode()
                .put("step", step.key().state())
                .put("type", type(step))
                .put("version", step.artefact().version());
        try {
            String state = step.state();
            if (state.length() > MOST_STATE) {
                json.put("failed", "its state is longer than " + MOST_STATE + " characters");
            } else {
                json.set("state", JSON.readTree(now.config().hide(state)));
            }
            ObjectNode commands = json.putObject("commands");
            step.commands().forEach(commands::put);
            queries(json, step.queries());
        } catch (PluginException | ConfigException e) {
            json.put("failed", e.getMessage());
        }
        return json;
    }

    private static void queries(ObjectNode json, Map<String, Query> queries) {
        if (queries.isEmpty()) {
            return;
        }
        ObjectNode all = json.putObject("queries");
        queries.forEach((name, query) -> {
            ObjectNode parameters = all.putObject(name).put("doc", query.doc()).putObject("parameters");
            query.parameters().forEach(each -> parameters.put(each.name(), each.doc()));
        });
    }

    private Answer ask(Call call) throws RefusedCallException {
        String name = call.parameter("step");
        String query = call.parameter("query");
        if (name == null || query == null) {
            throw RefusedCallException.badRequest((name == null ? "step" : "query") + " is not given");
        }
        Generation now = generation.get();
        List<StepInstance> steps = of(now, name);
        if (steps.isEmpty()) {
            throw RefusedCallException.notFound(
                    "no step " + name + " that can be asked anything (GET /v1/steps lists those that can)");
        }
        ObjectNode json = JSON.createObjectNode().put("step", name).put("query", query);
        ArrayNode answers = json.putArray("answers");
        for (StepInstance step : steps) {
            answers.add(JSON.readTree(now.config().hide(asked(step, query, call.others()))));
        }
        return Answer.json(200, json.toString());
    }

    private static String asked(StepInstance step, String query, Map<String, String> given)
            throws RefusedCallException {
        try {
            String answer = step.ask(query, given);
            if (answer.length() > MOST_ANSWER) {
                throw RefusedCallException.badRequest(
                        "the answer is longer than " + MOST_ANSWER + " characters (expected: a narrower question)");
            }
            return answer;
        } catch (ConfigException e) {
            throw RefusedCallException.badRequest(e.key() + ": " + e.reason());
        } catch (Query.BusyException e) {
            throw busy(String.valueOf(e.getMessage()));
        } catch (PluginException e) {
            if (e.isLate()) {
                throw busy(e.getMessage() + " (expected: a narrower question, or the same a while later)");
            }
            throw new RefusedCallException(500, "step-failed", "The step failed", String.valueOf(e.getMessage()));
        }
    }

    private static RefusedCallException busy(String detail) {
        return new RefusedCallException(503, "step-busy", "The step cannot answer now", detail);
    }

    private Answer tell(Call call) throws RefusedCallException {
        String name = call.parameter("step");
        String command = call.parameter("command");
        if (name == null || command == null) {
            throw RefusedCallException.badRequest((name == null ? "step" : "command") + " is not given");
        }
        Generation now = generation.get();
        List<StepInstance> steps = of(now, name);
        if (steps.isEmpty()) {
            throw RefusedCallException.notFound(
                    "no step " + name + " that can be told anything (GET /v1/steps lists those that can)");
        }
        call.details().put("step", name).put("command", command);
        String on = call.parameter("on");
        if (on != null) {
            call.details().put("on", now.config().hide(on));
        }
        ObjectNode json = JSON.createObjectNode().put("step", name).put("command", command);
        ArrayNode done = json.putArray("done");
        for (StepInstance step : steps) {
            done.add(told(step, command, on));
        }
        return Answer.json(200, json.toString());
    }

    private static String told(StepInstance step, String command, @Nullable String on) throws RefusedCallException {
        try {
            return step.tell(command, on);
        } catch (ConfigException e) {
            throw RefusedCallException.badRequest(e.key() + ": " + e.reason());
        } catch (PluginException e) {
            throw new RefusedCallException(500, "step-failed", "The step failed", String.valueOf(e.getMessage()));
        }
    }
}
