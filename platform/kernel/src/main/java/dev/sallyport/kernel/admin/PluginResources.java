package dev.sallyport.kernel.admin;

import dev.sallyport.api.Problem;
import dev.sallyport.kernel.admin.Resource.Parameter;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.GatewayConfig.Admin;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.config.GatewayConfig.Upload;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.kernel.deploy.CommandRefusedException;
import dev.sallyport.kernel.deploy.PluginCommands;
import dev.sallyport.kernel.deploy.PluginCommands.Done;
import dev.sallyport.kernel.deploy.PluginCommands.How;
import dev.sallyport.kernel.http.SideServer.Answer;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.PluginChanges;
import dev.sallyport.kernel.plugin.PluginException;
import dev.sallyport.kernel.plugin.Trust;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The resources that change which plugins there are. */
public final class PluginResources {

    /** The most bytes of an uploaded jar. */
    static final long MOST_BYTES = 64L << 20;

    static final Parameter DRY_RUN =
            Parameter.flag("dryRun", "Only tries it, as far as to the moment before it would serve; nothing changes.");

    private final PluginCommands commands;
    private final Supplier<Admin> config;
    private final Supplier<Trust> whom;
    private final Function<String, @Nullable JsonNode> view;
    private final Path folder;
    private final ReentrantLock uploading = new ReentrantLock();

    /**
     * @param config that serves
     * @param whom whose plugins are taken
     * @param view all versions of a plugin, as they are shown
     * @param data the gateway's own folder: uploads lie there until they are judged
     */
    public PluginResources(
            PluginCommands commands,
            Supplier<Admin> config,
            Supplier<Trust> whom,
            Function<String, @Nullable JsonNode> view,
            Path data)
            throws IOException {
        this.commands = commands;
        this.config = config;
        this.whom = whom;
        this.view = view;
        this.folder = data;
        // What a process left that was killed while it received one.
        Files.deleteIfExists(upload());
    }

    private Path upload() {
        return folder.resolve("upload.part");
    }

    /** Adds all of them to the API. */
    public AdminApi offerOn(AdminApi api) {
        return api.offer(Resource.of(
                                "installPlugin",
                                "PUT",
                                "/v1/plugins",
                                Role.ADMIN,
                                "Installs the plugin whose jar is the body, and waits until it serves.",
                                this::install)
                        .taking(MOST_BYTES, "application/java-archive", "application/octet-stream")
                        .with(DRY_RUN))
                .offer(Resource.of(
                                "removePlugin",
                                "DELETE",
                                "/v1/plugins/{id}",
                                Role.OPERATE,
                                "Removes a plugin, or one version of it.",
                                call -> done(
                                        call, how -> commands.remove(call.path("id"), call.parameter("version"), how)))
                        .with(
                                DRY_RUN,
                                Parameter.of("version", "Only that version."),
                                Parameter.flag("force", "Also where steps are left without it: they answer 503 then.")))
                .offer(Resource.of(
                                "upgradePlugin",
                                "POST",
                                "/v1/plugins/{id}/upgrade",
                                Role.OPERATE,
                                "Takes the newest version that is offered or was declined.",
                                call -> {
                                    boolean major = call.flag("major");
                                    return done(call, how -> commands.upgrade(call.path("id"), major, how));
                                })
                        .with(DRY_RUN, Parameter.flag("major", "Also one of another major version.")))
                .offer(Resource.of(
                                "rollbackPlugin",
                                "POST",
                                "/v1/plugins/{id}/rollback",
                                Role.OPERATE,
                                "Goes back to the version that served before, and declines the present one.",
                                call -> done(call, how -> commands.rollback(call.path("id"), how)))
                        .with(DRY_RUN));
    }

    private Answer install(Call call) throws Exception {
        String envelope = envelope(call.header("plugin-signature"));
        refuseWhereOff();
        return brought(
                call,
                Duration.ZERO,
                () -> {
                    call.receive(upload());
                    return new Brought(upload(), envelope);
                },
                () -> Files.deleteIfExists(upload()));
    }

    /** A jar, and the signature that came with it; null for none. */
    record Brought(Path jar, @Nullable String envelope) {}

    /** Whether jars may be brought over the API, and which. */
    Upload allowed() {
        return config.get().pluginUpload();
    }

    /** Refuses whoever brings a jar where none is taken. */
    void refuseWhereOff() throws RefusedCallException {
        if (allowed() == Upload.OFF) {
            throw new RefusedCallException(
                    403,
                    "plugin-upload-off",
                    "Plugin upload is off",
                    "admin.pluginUpload is off (expected: trusted or any); set it in the configuration, or put the jar"
                            + " into the plugins folder");
        }
    }

    /**
     * Judges a jar that somebody brings, and installs it: one at a time, and only where {@link #refuseWhereOff} refused
     * nothing.
     *
     * @param patience how long to wait for one that is being installed
     * @param after done in the end, if anything was begun
     */
    Answer brought(Call call, Duration patience, Callable<Brought> way, Callable<?> after) throws Exception {
        if (!uploading.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new RefusedCallException(
                    503, "overloaded", "Overloaded", "another plugin is being installed; try again when it is done");
        }
        try {
            return install(call, way.call());
        } finally {
            try {
                after.call();
            } finally {
                uploading.unlock();
            }
        }
    }

    private static @Nullable String envelope(@Nullable String header) throws RefusedCallException {
        try {
            return header == null ? null : new String(Base64.getDecoder().decode(header), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw RefusedCallException.badRequest("Plugin-Signature: not in Base64 (expected: the file that"
                    + " `sallyport market sign` writes, in Base64)");
        }
    }

    private Answer install(Call call, Brought brought) throws RefusedCallException {
        PluginChanges.Stored stored;
        try {
            stored = commands.store(brought.jar(), brought.envelope());
        } catch (PluginException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
        boolean installed = false;
        try {
            Artefact artefact = stored.artefact();
            call.details()
                    .put("plugin", artefact.toString())
                    .put("sha256", artefact.sha256())
                    .put("provider", artefact.provider());
            ObjectNode trusted = trust(artefact);
            Answer answer = done(call, how -> commands.install(artefact, how), trusted);
            installed = !call.flag("dryRun");
            return answer;
        } finally {
            if (!installed) {
                commands.discard(stored);
            }
        }
    }

    /** Who vouches for it; refuses it where nobody does who must. Asked here too, so that the answer says so. */
    private ObjectNode trust(Artefact artefact) throws RefusedCallException {
        Trust trust = whom.get();
        boolean anybodys =
                config.get().pluginUpload() == Upload.ANY && trust.config().unsigned() == TrustConfig.Unsigned.ALLOWED;
        Trust.Verdict verdict = trust.judge(artefact);
        String why = switch (verdict) {
            case Trust.Verdict.Signed _, Trust.Verdict.Listed _ -> null;
            case Trust.Verdict.Unsigned _ ->
                anybodys
                        ? null
                        : "is not signed, and trust.hashes does not list sha256:" + artefact.sha256()
                                + "; list it there once you have judged the jar, or send a publisher's"
                                + " signature with it";
            case Trust.Verdict.Wrong wrong -> wrong.reason();
        };
        if (why != null) {
            throw new RefusedCallException(403, "plugin-not-trusted", "Plugin not trusted", artefact + " " + why);
        }
        ObjectNode json = JsonMapper.shared().createObjectNode();
        Views.signature(verdict, json);
        return json;
    }

    private static RefusedCallException refused(String why) {
        return new RefusedCallException(422, "plugin-refused", "Plugin refused", why);
    }

    private Answer done(Call call, Function<How, Done> command) throws RefusedCallException {
        return done(call, command, JsonMapper.shared().createObjectNode());
    }

    /** @param more what the answer tells beside what has come of it */
    private Answer done(Call call, Function<How, Done> command, ObjectNode more) throws RefusedCallException {
        boolean dryRun = call.flag("dryRun");
        boolean force = call.parameter("force") != null && call.flag("force");
        if (dryRun) {
            call.details().put("dryRun", true);
        }
        if (force) {
            call.details().put("force", true);
        }
        Done done;
        try {
            done = command.apply(new How(call.caller().name(), dryRun, force, call.generation()));
        } catch (CommandRefusedException e) {
            throw problem(e);
        }
        call.details().put("generation", done.result().generation());
        return Answer.json(200, json(done, dryRun).setAll(more).toString());
    }

    private ObjectNode json(Done done, boolean dryRun) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("id", done.id());
        if (done.version() != null) {
            json.put("version", done.version());
        }
        json.put("changed", done.changed() && !dryRun);
        json.put("dryRun", dryRun);
        json.put("generation", done.result().generation());
        json.put("kept", done.result().kept());
        json.put("created", done.result().created());
        var warnings = json.putArray("warnings");
        done.result().problems().stream().map(ConfigProblem::toString).forEach(warnings::add);
        done.unserved().forEach(json.putArray("unserved")::add);
        JsonNode versions = view.apply(done.id());
        json.set("versions", versions == null ? JsonMapper.shared().createArrayNode() : versions);
        return json;
    }

    private static RefusedCallException problem(CommandRefusedException e) {
        String why = e.getMessage();
        Problem problem = switch (e.why()) {
            case UNKNOWN -> new Problem(404, "not-found", "Not found");
            case IN_USE -> new Problem(409, "plugin-in-use", "Plugin in use").with("users", e.details());
            case NOTHING_TO_TAKE -> new Problem(409, "no-earlier-version", "No earlier version");
            case HELD -> new Problem(409, "rollback-holds", "A rollback holds");
            case CHANGED_MEANWHILE -> new Problem(412, "changed-meanwhile", "Changed meanwhile");
            case CONFLICT -> new Problem(409, "plugin-conflict", "Plugin conflict");
            case OWNED_BY_FILES -> new Problem(409, "files-own-config", "The files own the configuration");
            case FORBIDDEN -> new Problem(403, "forbidden", "Forbidden");
            case FAILED -> new Problem(422, "plugin-refused", "Plugin refused").with("errors", e.details());
        };
        return new RefusedCallException(problem.withDetail(why));
    }
}
