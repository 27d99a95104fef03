package dev.sallyport.kernel.admin;

import dev.sallyport.api.Problem;
import dev.sallyport.kernel.admin.Resource.Parameter;
import dev.sallyport.kernel.config.ConfigNode;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.ConfigSchema;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.config.TypeCatalog;
import dev.sallyport.kernel.config.WrittenConfig;
import dev.sallyport.kernel.config.WrittenText;
import dev.sallyport.kernel.deploy.Change;
import dev.sallyport.kernel.deploy.CommandRefusedException;
import dev.sallyport.kernel.deploy.Deployer;
import dev.sallyport.kernel.deploy.GenerationRecord;
import dev.sallyport.kernel.deploy.History;
import dev.sallyport.kernel.deploy.Planned;
import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.kernel.deploy.Upload;
import dev.sallyport.kernel.deploy.WatchRule;
import dev.sallyport.kernel.http.SideServer.Answer;
import dev.sallyport.kernel.plan.LineDiff;
import dev.sallyport.kernel.plan.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The configuration as a whole: what it says, what a change of it would mean, and the change. */
public final class ConfigResources {

    static final Parameter DRY_RUN =
            Parameter.flag("dryRun", "Only plans it: tells what would change, and leaves nothing.");

    private static final Parameter[] HOW = {
        DRY_RUN,
        GenerationResources.MESSAGE,
        Parameter.of(
                "watch",
                "How long the routes that it touches are watched, such as 2m; where they do worse than"
                        + " before, it is taken back."),
        Parameter.of("maxErrors", "By how much the share of errors may rise while it is watched; 5% if not given."),
        Parameter.of("maxLatency", "How much slower the slowest hundredth may be meanwhile; 2x if not given.")
    };

    private final Deployer deployer;
    private final History history;
    private final Path configFile;
    private final String main;
    private final Supplier<? extends TypeCatalog> types;

    /**
     * @param configFile the main file
     * @param types those of the plugins that there are
     */
    public ConfigResources(Deployer deployer, History history, Path configFile, Supplier<? extends TypeCatalog> types) {
        this.types = types;
        this.deployer = deployer;
        this.history = history;
        this.configFile = configFile;
        this.main = String.valueOf(configFile.getFileName());
    }

    /** Adds them to the API. */
    public AdminApi offerOn(AdminApi api) {
        return api.offer(Resource.get(
                                "showConfig",
                                "/v1/config",
                                "The configuration that serves, as it is written: secrets as references.",
                                call -> Answer.json(
                                        200, dump(call.parameter("part")).toString()))
                        .with(Parameter.of(
                                "part", "Only a route, upstream or consumer, without the text: routes/orders.")))
                .offer(Resource.get(
                        "schema",
                        "/v1/schema",
                        "The JSON Schema of the configuration, with the types of the plugins that are there.",
                        call -> Answer.json(200, ConfigSchema.of(types.get()).toString())))
                .offer(Resource.of(
                                "putConfig",
                                "PUT",
                                "/v1/config",
                                Role.OPERATE,
                                "Takes a whole configuration, where the admin API owns it, and waits until it serves.",
                                this::put)
                        .taking(UploadBody.MOST_BYTES, UploadBody.JSON, UploadBody.YAML)
                        .with(HOW))
                .offer(Resource.of(
                                "apply",
                                "POST",
                                "/v1/config/apply",
                                Role.OPERATE,
                                "Takes what files and folders say; a rollback that held is over then.",
                                this::apply)
                        .with(HOW))
                .offer(Resource.get(
                        "watch",
                        "/v1/config/watch",
                        "The change that is watched, or was last, and how its routes do.",
                        call -> Answer.json(200, WatchView.of(deployer.watch()).toString())));
    }

    private GenerationRecord serves() throws IOException {
        int number = deployer.generation().number();
        GenerationRecord serves = history.find(number);
        if (serves == null) {
            throw new IOException("generation " + number + " is not kept");
        }
        return serves;
    }

    private ObjectNode dump(@Nullable String part) throws IOException, RefusedCallException {
        GenerationRecord serves = serves();
        WrittenConfig written = WrittenConfig.of(main, history.texts(serves));
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("generation", serves.number())
                .put("source", deployer.isOwnedByApi() ? "api" : "files");
        serves.files().keySet().stream().sorted().forEach(json.putArray("files")::add);
        serves.scripts().keySet().stream().sorted().forEach(json.putArray("scripts")::add);
        if (part != null) {
            json.set("part", part(written, part));
            return json;
        }
        json.set("config", WrittenText.json(written.root()));
        return json.put("yaml", written.yaml());
    }

    private static JsonNode part(WrittenConfig written, String part) throws RefusedCallException {
        int slash = part.indexOf('/');
        ConfigNode found = slash < 0 ? null : written.part(part.substring(0, slash), part.substring(slash + 1));
        if (found == null) {
            throw RefusedCallException.notFound(
                    part + " is not written in the configuration (expected: one such as" + " routes/orders)");
        }
        return WrittenText.json(found);
    }

    private Answer put(Call call) throws IOException, RefusedCallException {
        boolean dryRun = dryRun(call);
        WatchRule rule = rule(call);
        Upload upload = UploadBody.read(call, main);
        if (dryRun) {
            return planned(call, upload);
        }
        if (!deployer.isOwnedByApi()) {
            throw ownedByFiles(upload);
        }
        return done(call, () -> deployer.put(upload, change(call), rule));
    }

    /** Says where the files are to be changed, and how. */
    private RefusedCallException ownedByFiles(Upload upload) throws IOException {
        Map<String, String> before = history.texts(serves());
        StringBuilder patch = new StringBuilder();
        String file = main;
        int line = 0;
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(upload.files().keySet());
        for (String name : names) {
            String old = before.getOrDefault(name, "");
            String now = upload.files().getOrDefault(name, "");
            if (!old.equals(now)) {
                if (line == 0) {
                    file = name;
                    line = LineDiff.line(old, now);
                }
                patch.append(PartResources.patch(name, old, now));
            }
        }
        Path path = configFile.resolveSibling(file);
        return new RefusedCallException(new Problem(409, "files-own-config", "The files own the configuration")
                .with("file", path.toString())
                .with("line", Math.max(1, line))
                .with("patch", patch.toString())
                .withDetail(configFile + " says source: files: change " + path + ":" + Math.max(1, line)
                        + " (patch has the lines" + PartResources.hides(patch.toString())
                        + "), which is read again at once; or give the configuration to the admin"
                        + " API there with source: api"));
    }

    private Answer apply(Call call) throws RefusedCallException {
        Integer seen = call.generation();
        WatchRule rule = rule(call);
        return dryRun(call) ? planned(call, null) : done(call, () -> deployer.apply(change(call), seen, rule));
    }

    private static @Nullable WatchRule rule(Call call) throws RefusedCallException {
        String window = call.parameter("watch");
        String errors = call.parameter("maxErrors");
        String latency = call.parameter("maxLatency");
        if (window == null) {
            if (errors != null || latency != null) {
                throw RefusedCallException.badRequest(
                        "maxErrors and maxLatency are bounds of watch (expected: watch=2m" + " beside them)");
            }
            return null;
        }
        call.details().put("watch", window);
        try {
            return WatchRule.of(window, errors, latency);
        } catch (IllegalArgumentException e) {
            throw RefusedCallException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static Change change(Call call) {
        return new Change(call.caller().name(), "apply", GenerationResources.message(call));
    }

    /** Does what may be refused, and answers with what came of it. */
    static Answer done(Call call, Supplier<ReloadResult> action) throws RefusedCallException {
        try {
            return GenerationResources.answer(call, action.get());
        } catch (CommandRefusedException e) {
            throw problem(e);
        }
    }

    /** Whether it is only to be planned. */
    static boolean dryRun(Call call) throws RefusedCallException {
        boolean dryRun = call.flag("dryRun");
        if (dryRun) {
            call.details().put("dryRun", true);
        }
        return dryRun;
    }

    private Answer planned(Call call, @Nullable Upload upload) throws RefusedCallException {
        return Answer.json(200, planned(call, deployer, upload).toString());
    }

    /** What a change would mean. */
    static ObjectNode planned(Call call, Deployer deployer, @Nullable Upload upload) throws RefusedCallException {
        Planned planned = deployer.plan(upload);
        Plan plan = planned.plan();
        if (plan == null) {
            throw new RefusedCallException(new Problem(422, "change-refused", "Change refused")
                    .with(
                            "errors",
                            planned.result().problems().stream()
                                    .map(ConfigProblem::toString)
                                    .toList())
                    .withDetail("it would be refused; generation "
                            + planned.result().generation() + " serves on"));
        }
        call.details().put("generation", plan.generation());
        return PlanView.of(plan);
    }

    /** What the sender of a change may not have done. */
    static RefusedCallException problem(CommandRefusedException e) {
        Problem problem = switch (e.why()) {
            case OWNED_BY_FILES -> new Problem(409, "files-own-config", "The files own the configuration");
            case CHANGED_MEANWHILE -> new Problem(412, "changed-meanwhile", "Changed meanwhile");
            case FORBIDDEN -> new Problem(403, "forbidden", "Forbidden");
            default -> throw e;
        };
        return new RefusedCallException(problem.withDetail(e.getMessage()));
    }
}
