package dev.sallyport.kernel.admin;

import dev.sallyport.api.Problem;
import dev.sallyport.kernel.admin.Resource.Parameter;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.deploy.Deployer;
import dev.sallyport.kernel.deploy.GenerationDiff;
import dev.sallyport.kernel.deploy.GenerationRecord;
import dev.sallyport.kernel.deploy.History;
import dev.sallyport.kernel.deploy.Hold;
import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.kernel.http.SideServer.Answer;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The resources that go back to an earlier generation, and say what waits meanwhile. */
public final class GenerationResources {

    static final Parameter MESSAGE = Parameter.of("message", "Why, for the history and the audit log.");

    private final Deployer deployer;
    private final History history;
    private final GenerationDiff diff;

    /** @param diff tells how they differ */
    public GenerationResources(Deployer deployer, History history, GenerationDiff diff) {
        this.diff = diff;
        this.deployer = deployer;
        this.history = history;
    }

    /** Adds them to the API. */
    public AdminApi offerOn(AdminApi api) {
        return api.offer(Resource.of(
                                "rollback",
                                "POST",
                                "/v1/generations/{number}/rollback",
                                Role.OPERATE,
                                "Goes back to a generation (previous: the one before what serves), and holds it.",
                                this::rollback)
                        .with(MESSAGE))
                .offer(Resource.get(
                        "diffGeneration",
                        "/v1/generations/{number}/diff",
                        "How what is written differs in it from the generation before, key by key.",
                        this::diff))
                .offer(Resource.get(
                        "hold",
                        "/v1/config/hold",
                        "The rollback that holds, and what waits meanwhile.",
                        call -> Answer.json(200, hold().toString())));
    }

    private Answer rollback(Call call) throws RefusedCallException {
        String number = call.path("number");
        if (!number.equals("previous") && !number.matches("[1-9]\\d{0,8}")) {
            throw RefusedCallException.badRequest(number + " (expected: a generation's number, or previous)");
        }
        Integer to = number.equals("previous") ? null : Integer.valueOf(number);
        if (to != null && history.find(to) == null) {
            throw RefusedCallException.notFound("generation " + to + " is not kept (expected: one of "
                    + history.newestFirst().stream()
                            .map(record -> record.number())
                            .toList()
                    + ")");
        }
        Integer seen = call.generation();
        return ConfigResources.done(
                call, () -> deployer.rollback(to, call.caller().name(), message(call), seen));
    }

    private Answer diff(Call call) throws RefusedCallException, IOException {
        String number = call.path("number");
        GenerationRecord record = number.matches("[1-9]\\d{0,8}") ? history.find(Integer.parseInt(number)) : null;
        if (record == null) {
            throw RefusedCallException.notFound("generation " + number + " is not kept");
        }
        ArrayNode lines = JsonMapper.shared().createArrayNode();
        diff.lines(record).forEach(lines::add);
        return Answer.json(200, lines.toString());
    }

    static String message(Call call) {
        String message = call.parameter("message");
        return message == null ? "" : message;
    }

    static Answer answer(Call call, ReloadResult result) throws RefusedCallException {
        List<String> problems =
                result.problems().stream().map(ConfigProblem::toString).toList();
        if (!result.applied()) {
            throw new RefusedCallException(new Problem(422, "change-refused", "Change refused")
                    .with("errors", problems)
                    .withDetail("generation " + result.generation() + " serves on"));
        }
        call.details().put("generation", result.generation());
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("generation", result.generation())
                .put("kept", result.kept())
                .put("created", result.created());
        problems.forEach(json.putArray("warnings")::add);
        return Answer.json(200, json.toString());
    }

    private ObjectNode hold() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        Hold hold = history.hold();
        json.put("held", hold != null);
        if (hold != null) {
            json.put("generation", hold.generation())
                    .put("author", hold.author())
                    .put("message", hold.message())
                    .put("since", hold.since().toString());
            deployer.pending().forEach(json.putArray("pending")::add);
        }
        return json;
    }
}
