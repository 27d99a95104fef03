package dev.sallyport.kernel.admin;

import dev.sallyport.api.Problem;
import dev.sallyport.kernel.admin.Resource.Parameter;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.deploy.Change;
import dev.sallyport.kernel.deploy.Deployer;
import dev.sallyport.kernel.deploy.History;
import dev.sallyport.kernel.deploy.Hold;
import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.kernel.http.SideServer.Answer;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The resources that go back to an earlier generation, and forward to what the folders say. */
public final class GenerationResources {

    static final Parameter MESSAGE = Parameter.of("message", "Why, for the history and the audit log.");

    private final Deployer deployer;
    private final History history;

    public GenerationResources(Deployer deployer, History history) {
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
                .offer(Resource.of(
                                "apply",
                                "POST",
                                "/v1/config/apply",
                                Role.OPERATE,
                                "Takes what files and folders say; a rollback that held is over then.",
                                this::apply)
                        .with(MESSAGE))
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
        return answer(call, deployer.rollback(to, call.caller().name(), message(call)));
    }

    private Answer apply(Call call) throws RefusedCallException {
        return answer(call, deployer.apply(new Change(call.caller().name(), "apply", message(call))));
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
