package dev.sallyport.kernel.admin;

import dev.sallyport.api.Problem;
import dev.sallyport.kernel.admin.Resource.Parameter;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.deploy.Candidate;
import dev.sallyport.kernel.deploy.CommandRefusedException;
import dev.sallyport.kernel.deploy.Deployer;
import dev.sallyport.kernel.deploy.Upload;
import dev.sallyport.kernel.http.SideServer.Answer;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.replay.Replay.Subject;
import dev.sallyport.kernel.replay.TraceReplay;
import dev.sallyport.kernel.trace.Trace;
import dev.sallyport.kernel.trace.TraceFilter;
import dev.sallyport.kernel.trace.Tracing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * The resource that runs a recorded request through another configuration. Who may not have that configuration taken may not
 * have it run either: steps of it are made.
 */
public final class ReplayResource {

    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** Each makes all steps of two configurations. */
    private final Semaphore free = new Semaphore(1);

    private final Tracing tracing;
    private final Deployer deployer;
    private final PartResources parts;
    private final Supplier<Generation> generation;
    private final Plugins plugins;
    private final Path configFile;

    /**
     * @param generation that serves
     * @param configFile the main file
     */
    public ReplayResource(
            Tracing tracing,
            Deployer deployer,
            PartResources parts,
            Supplier<Generation> generation,
            Plugins plugins,
            Path configFile) {
        this.tracing = tracing;
        this.deployer = deployer;
        this.parts = parts;
        this.generation = generation;
        this.plugins = plugins;
        this.configFile = configFile;
    }

    /** Adds it to the API. */
    public AdminApi offerOn(AdminApi api) {
        return api.offer(Resource.of(
                        "replayTrace",
                        "POST",
                        "/v1/traces/{id}/replay",
                        Role.OPERATE,
                        "What a recorded request would meet with another configuration, beside what it meets now.",
                        this::replay)
                .taking(UploadBody.MOST_BYTES, UploadBody.JSON, UploadBody.YAML)
                .with(Parameter.of(
                        "part",
                        "The body is only that part, such as routes/orders, in the place of what serves; without it"
                                + " the body is a whole configuration."))
                .slowly());
    }

    private Answer replay(Call call) throws Exception {
        Trace chosen = tracing.find(call.path("id"));
        if (chosen == null) {
            throw RefusedCallException.notFound("no trace of the request " + call.path("id") + " is kept");
        }
        String part = call.parameter("part");
        Upload upload = part == null
                ? UploadBody.read(call, String.valueOf(configFile.getFileName()))
                : parts.exchanged(call, part);
        if (upload.scripts() != null) {
            throw RefusedCallException.badRequest("scripts (expected: none; those that serve are run)");
        }
        Candidate candidate = candidate(upload);
        ResolvedConfig config = candidate.config();
        if (config == null) {
            throw new RefusedCallException(new Problem(422, "change-refused", "Change refused")
                    .with(
                            "errors",
                            candidate.errors().stream()
                                    .map(ConfigProblem::toString)
                                    .toList())
                    .withDetail("this configuration would be refused, so nothing was run"));
        }
        TraceReplay replay;
        try {
            replay = new TraceReplay(
                    tracing.newestFirst(TraceFilter.ALL).stream()
                            .map(Trace::json)
                            .toList(),
                    chosen.json());
        } catch (IllegalArgumentException e) {
            throw RefusedCallException.badRequest(String.valueOf(e.getMessage()));
        }
        Subject serving = subject(generation.get().config(), candidate);
        return Answer.json(
                200,
                bounded(() -> replay.run(serving, subject(config, candidate))).toString());
    }

    private Subject subject(ResolvedConfig config, Candidate candidate) {
        Path folder = Objects.requireNonNull(configFile.getParent(), "folder of the configuration");
        return new Subject(config, plugins, candidate.catalogue(), candidate.scripts(), folder);
    }

    private Candidate candidate(Upload upload) throws RefusedCallException {
        try {
            return deployer.candidate(upload);
        } catch (CommandRefusedException e) {
            throw ConfigResources.problem(e);
        } catch (IOException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private static RefusedCallException refused(String why) {
        return new RefusedCallException(new Problem(422, "change-refused", "Change refused")
                .with("errors", List.of(why))
                .withDetail(why));
    }

    /** A step that hangs keeps nobody but the next replay. */
    private ObjectNode bounded(Callable<ObjectNode> replay) throws Exception {
        if (!free.tryAcquire()) {
            throw new RefusedCallException(new Problem(503, "overloaded", "Overloaded")
                    .withDetail("another replay is under way; ask again when it is done"));
        }
        try {
            return Bounded.run("replay", LONGEST, () -> {
                try {
                    return replay.call();
                } finally {
                    free.release();
                }
            });
        } catch (TimeoutException e) {
            throw new RefusedCallException(new Problem(503, "overloaded", "Overloaded")
                    .withDetail("the replay has taken longer than " + LONGEST.toSeconds()
                            + " s and was given up; keep fewer traces (trace.keep), or try it with"
                            + " `sallyport replay`"));
        } catch (IOException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }
}
