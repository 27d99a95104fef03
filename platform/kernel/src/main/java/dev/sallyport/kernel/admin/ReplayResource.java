package dev.sallyport.kernel.admin;

import dev.sallyport.api.Problem;
import dev.sallyport.kernel.admin.Resource.Parameter;
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
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The resource that runs a recorded request through another configuration. Steps of that are made, so that an operator has run
 * only what an operator might have taken: where files own the configuration, that is nothing. Administrators, who may bring
 * code, have run also what the files alone may say.
 */
public final class ReplayResource {

    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** Each makes all steps of two configurations. */
    private final Bounded replays = new Bounded("replay", LONGEST);

    private final Tracing tracing;
    private final Deployer deployer;
    private final PartResources parts;
    private final Plugins plugins;
    private final Path configFile;

    /** @param configFile the main file */
    public ReplayResource(Tracing tracing, Deployer deployer, PartResources parts, Plugins plugins, Path configFile) {
        this.tracing = tracing;
        this.deployer = deployer;
        this.parts = parts;
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
        // The body is here already: nobody who sends one slowly has the turn.
        try (Bounded.Turn turn = replays.turn()) {
            return replay(chosen, upload, turn);
        }
    }

    private Answer replay(Trace chosen, Upload upload, Bounded.Turn turn) throws Exception {
        Candidate candidate = candidate(upload);
        Subject would = subject(candidate);
        if (would == null) {
            throw new RefusedCallException(new Problem(422, "change-refused", "Change refused")
                    .with(
                            "errors",
                            candidate.errors().stream()
                                    .map(ConfigProblem::toString)
                                    .toList())
                    .withDetail("this configuration would be refused, so nothing was run"));
        }
        Subject serving = Objects.requireNonNull(subject(deployer.serving()), "it serves");
        TraceReplay replay;
        try {
            replay = new TraceReplay(tracing.newestFirst(TraceFilter.ALL), chosen);
        } catch (IllegalArgumentException e) {
            throw RefusedCallException.badRequest(String.valueOf(e.getMessage()));
        }
        try {
            return Answer.json(200, turn.run(() -> replay.run(serving, would)).toString());
        } catch (TimeoutException e) {
            turn.tidy(replay::close);
            throw RefusedCallException.overloaded("the replay has taken longer than " + LONGEST.toSeconds()
                    + " s and was given up; keep fewer traces (trace.keep), or try it with `sallyport replay`");
        } catch (IOException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    /** What it is run through; null where its configuration is not valid. */
    private @Nullable Subject subject(Candidate of) {
        Path folder = Objects.requireNonNull(configFile.getParent(), "folder of the configuration");
        ResolvedConfig config = of.config();
        return config == null ? null : new Subject(config, plugins, of.catalogue(), of.scripts(), folder);
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
}
