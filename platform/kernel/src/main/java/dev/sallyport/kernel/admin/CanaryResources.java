package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.admin.Resource.Parameter;
import dev.sallyport.kernel.canary.Arm;
import dev.sallyport.kernel.canary.Trial;
import dev.sallyport.kernel.canary.Verdict;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.deploy.Deployer;
import dev.sallyport.kernel.http.SideServer.Answer;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The resources that compare canaries with what they are to replace, and decide them. */
public final class CanaryResources {

    private static final Parameter CANARY = Parameter.of("canary", "Its name: the route, a slash, the id of the step.");

    private final Deployer deployer;

    public CanaryResources(Deployer deployer) {
        this.deployer = deployer;
    }

    /** Adds them to the API. */
    public AdminApi offerOn(AdminApi api) {
        return api.offer(Resource.get(
                        "canaries",
                        "/v1/canaries",
                        "Versions on trial, how they do, and what was decided.",
                        call -> Answer.json(200, list().toString())))
                .offer(decision("promoteCanary", "promote", "Has a canary take all requests.", Verdict.Kind.PROMOTED))
                .offer(decision(
                        "rollbackCanary",
                        "rollback",
                        "Has a canary take no requests any more.",
                        Verdict.Kind.ROLLED_BACK));
    }

    private Resource decision(String name, String verb, String summary, Verdict.Kind kind) {
        return Resource.of(name, "POST", "/v1/canaries/" + verb, Role.OPERATE, summary, call -> decide(call, kind))
                .with(CANARY, GenerationResources.MESSAGE);
    }

    private Answer decide(Call call, Verdict.Kind kind) throws RefusedCallException {
        String name = call.parameter("canary");
        if (name == null) {
            throw RefusedCallException.badRequest("no canary (expected: canary=<route>/<step>)");
        }
        if (!deployer.generation().trials().containsKey(name)) {
            throw RefusedCallException.notFound("no canary " + name + " is undecided (expected: one of "
                    + deployer.generation().trials().keySet().stream().sorted().toList() + ")");
        }
        return GenerationResources.answer(
                call, deployer.decide(name, kind, call.caller().name(), GenerationResources.message(call)));
    }

    private ArrayNode list() {
        ArrayNode list = JsonMapper.shared().createArrayNode();
        Generation generation = deployer.generation();
        new TreeMap<>(generation.trials()).values().forEach(trial -> {
            ObjectNode one = list.addObject()
                    .put("canary", trial.name())
                    .put("state", "undecided")
                    .put("version", trial.canary().shown())
                    .put("since", trial.since().toString())
                    .put(
                            "share",
                            String.valueOf(
                                    Objects.requireNonNullElse(trial.config().share(), "0%")));
            add(one.putObject("serving"), trial.serving(), trial.arm(false));
            add(one.putObject("trial"), trial.canary(), trial.arm(true));
        });
        new TreeMap<>(generation.verdicts())
                .forEach((name, verdict) -> list.addObject()
                        .put("canary", name)
                        .put("state", verdict.kind() == Verdict.Kind.PROMOTED ? "promoted" : "rolled-back")
                        .put("version", verdict.version())
                        .put("author", verdict.author())
                        .put("why", verdict.why())
                        .put("at", verdict.at().toString()));
        return list;
    }

    private static void add(ObjectNode json, Trial.Version version, Arm arm) {
        json.put("version", version.shown())
                .put("requests", arm.requests())
                .put("errors", arm.errors())
                .put("errorRate", rounded(arm.errorRate()));
        add(json.putObject("latencyMillis"), arm::latencyMillis);
        add(json.putObject("ownMillis"), arm::ownMillis);
    }

    private static void add(ObjectNode json, java.util.function.DoubleUnaryOperator quantile) {
        json.put("p50", rounded(quantile.applyAsDouble(0.5)))
                .put("p95", rounded(quantile.applyAsDouble(0.95)))
                .put("p99", rounded(quantile.applyAsDouble(0.99)));
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
