package dev.sallyport.kernel.admin;

import dev.sallyport.api.Problem;
import dev.sallyport.kernel.admin.Resource.Parameter;
import dev.sallyport.kernel.config.ConfigNode;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.WrittenConfig;
import dev.sallyport.kernel.config.WrittenJson;
import dev.sallyport.kernel.config.WrittenSecrets;
import dev.sallyport.kernel.config.YamlEdit;
import dev.sallyport.kernel.deploy.Change;
import dev.sallyport.kernel.deploy.Deployer;
import dev.sallyport.kernel.deploy.GenerationRecord;
import dev.sallyport.kernel.deploy.History;
import dev.sallyport.kernel.deploy.Upload;
import dev.sallyport.kernel.http.SideServer.Answer;
import dev.sallyport.kernel.plan.LineDiff;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One route, upstream or consumer of the configuration: made, exchanged, deleted, where the admin API owns it. The rest of
 * the file that it stands in stays as it is written. Where the files own it, the answer has the patch for them.
 */
public final class PartResources {

    private static final long MOST_BYTES = 1 << 20;
    private static final List<String> SECTIONS = List.of("routes", "upstreams", "consumers");

    private final Deployer deployer;
    private final History history;
    private final Path configFile;

    /** @param configFile the main file */
    public PartResources(Deployer deployer, History history, Path configFile) {
        this.deployer = deployer;
        this.history = history;
        this.configFile = configFile;
    }

    /** Adds them to the API. */
    public AdminApi offerOn(AdminApi api) {
        for (String section : SECTIONS) {
            String one = section.substring(0, section.length() - 1);
            String path = "/v1/" + section + "/{id}";
            String capital = AdminApi.capital(one);
            api.offer(Resource.of(
                                    "put" + capital,
                                    "PUT",
                                    path,
                                    Role.OPERATE,
                                    "Makes or exchanges the " + one + " of that name, where the admin API owns the"
                                            + " configuration, and waits until it serves.",
                                    call -> put(call, section))
                            .taking(MOST_BYTES, UploadBody.JSON)
                            .with(ConfigResources.DRY_RUN, GenerationResources.MESSAGE))
                    .offer(Resource.of(
                                    "delete" + capital,
                                    "DELETE",
                                    path,
                                    Role.OPERATE,
                                    "Deletes the " + one + " of that name, where the admin API owns the configuration.",
                                    call -> delete(call, section))
                            .with(
                                    ConfigResources.DRY_RUN,
                                    GenerationResources.MESSAGE,
                                    Parameter.flag(
                                            "force", "Also where routes use it: they are answered with 503 then.")));
        }
        return new CredentialResources(this).offerOn(api);
    }

    private Answer put(Call call, String section) throws IOException, RefusedCallException {
        String name = call.path("id");
        ConfigNode value = value(call, section, name);
        YamlEdit edit = new YamlEdit(section, name);
        return change(call, edit, file(edit), false, "put " + part(edit), text -> edit.put(text, value));
    }

    /**
     * The configuration that serves, with the part in the body of a call in the place of what it has of that name.
     *
     * @param part such as {@code routes/orders}
     */
    Upload exchanged(Call call, String part) throws IOException, RefusedCallException {
        String section = part.replaceFirst("/.*", "");
        if (!SECTIONS.contains(section) || part.length() < section.length() + 2) {
            throw RefusedCallException.badRequest("part: " + part + " (expected: one such as routes/orders)");
        }
        YamlEdit edit = new YamlEdit(section, part.substring(section.length() + 1));
        ConfigNode value = value(call, section, edit.name());
        return edited(call, file(edit), false, text -> edit.put(text, value)).upload();
    }

    private static ConfigNode value(Call call, String section, String name) throws IOException, RefusedCallException {
        JsonNode body;
        try {
            body = JsonMapper.shared().readTree(call.body());
        } catch (JacksonException e) {
            throw RefusedCallException.badRequest("the body is no JSON: " + e.getOriginalMessage());
        }
        if (!(body instanceof ObjectNode given)) {
            throw RefusedCallException.badRequest(
                    "the body (expected: an object with the keys that the configuration has for it)");
        }
        ObjectNode part = JsonMapper.shared().createObjectNode();
        if (!section.equals("upstreams")) {
            part.put("name", name);
        }
        part.setAll(given);
        if (part.has("name") && !part.path("name").asString("").equals(name)) {
            throw RefusedCallException.badRequest("name (expected: " + name + ", as in the path, or none)");
        }
        return WrittenJson.node(part);
    }

    private Answer delete(Call call, String section) throws IOException, RefusedCallException {
        String name = call.path("id");
        YamlEdit edit = new YamlEdit(section, name);
        String file = file(edit);
        if (edit.line(texts().getOrDefault(file, "")) == 0) {
            throw RefusedCallException.notFound("no " + name + " in " + section);
        }
        boolean force = call.flag("force");
        if (force) {
            call.details().put("force", true);
        }
        Set<String> users = section.equals("upstreams") ? users(name) : Set.of();
        if (!users.isEmpty() && !force) {
            throw new RefusedCallException(new Problem(409, "in-use", "In use")
                    .with("users", List.copyOf(users))
                    .withDetail("upstream " + name + " is used by " + String.join(", ", users)
                            + " (expected: nobody); give them another upstream, delete them first, or force it: they"
                            + " answer 503 then"));
        }
        return change(call, edit, file, force, "delete " + part(edit), edit::remove);
    }

    private Set<String> users(String upstream) {
        ResolvedConfig config = deployer.generation().config();
        Set<String> users = new LinkedHashSet<>();
        config.routes().forEach(route -> {
            if (route.upstreamNames().contains(upstream)
                    || upstream.equals(route.mirror())
                    || route.others().contains(upstream)) {
                users.add("route " + route.route().name());
            }
        });
        return users;
    }

    /** What becomes of a file's text. */
    @FunctionalInterface
    interface Edit {
        String of(String text);
    }

    /** What the history says of a part. */
    static String part(YamlEdit edit) {
        return edit.section() + "/" + edit.name();
    }

    /**
     * Changes a file, where the admin API owns the configuration.
     *
     * @param force whether it may leave routes without their upstream
     * @param what is done, for the history
     */
    Answer change(Call call, YamlEdit edit, String file, boolean force, String what, Edit how)
            throws IOException, RefusedCallException {
        boolean dryRun = ConfigResources.dryRun(call);
        Edited edited = edited(call, file, force, how);
        String before = edited.before();
        String after = edited.after();
        Upload upload = edited.upload();
        ObjectNode plan = dryRun ? ConfigResources.planned(call, deployer, upload) : null;
        if (plan != null && deployer.isOwnedByApi()) {
            return Answer.json(200, plan.toString());
        }
        if (!deployer.isOwnedByApi()) {
            int line = Math.max(1, edit.line(before) == 0 ? edit.line(after) : edit.line(before));
            Path path = configFile.resolveSibling(file);
            String patch = patch(file, before, after);
            if (plan != null) {
                plan.put("file", path.toString()).put("line", line).put("patch", patch);
                return Answer.json(200, plan.toString());
            }
            throw new RefusedCallException(new Problem(409, "files-own-config", "The files own the configuration")
                    .with("file", path.toString())
                    .with("line", line)
                    .with("patch", patch)
                    .withDetail("change " + path + ":" + line + " (patch has the lines" + hides(patch)
                            + "); it is read again at once"));
        }
        return ConfigResources.done(
                call,
                () -> deployer.put(
                        upload, new Change(call.caller().name(), what, GenerationResources.message(call)), null));
    }

    /** A file of the configuration as it is and as it would be, and the whole with that. */
    private record Edited(String before, String after, Upload upload) {}

    private Edited edited(Call call, String file, boolean force, Edit how) throws IOException, RefusedCallException {
        Integer seen = call.generation();
        GenerationRecord serves = serves();
        Map<String, String> texts = new TreeMap<>(history.texts(serves));
        String before = texts.getOrDefault(file, "");
        String after;
        try {
            after = how.of(before);
        } catch (IllegalArgumentException e) {
            throw RefusedCallException.badRequest(file + ": " + e.getMessage());
        }
        UploadBody.refuseHidden(before, after);
        // A hole that is there stays until it is mended: what has nothing to do with it is not refused for it.
        boolean holes = force || hasHoles();
        texts.put(file, after);
        return new Edited(
                before,
                after,
                new Upload(texts, null, call.caller().may(Role.ADMIN), holes, seen == null ? serves.number() : seen));
    }

    /** What is to be said of a patch that hides something; nothing else. */
    static String hides(String patch) {
        return patch.contains(WrittenConfig.HIDDEN)
                ? "; " + WrittenConfig.HIDDEN + " stands for a secret that is written out there"
                : "";
    }

    /** The patch of a file, without the secrets that are written out in it: not everybody who may change it may see them. */
    static String patch(String file, String before, String after) {
        return LineDiff.of(file, before, after, WrittenSecrets.hide(before), WrittenSecrets.hideThoseOf(before, after));
    }

    private boolean hasHoles() {
        return deployer.generation().config().upstreams().values().stream()
                .anyMatch(upstream -> upstream.targets().isEmpty() && upstream.discover() == null);
    }

    private GenerationRecord serves() throws IOException {
        int number = deployer.generation().number();
        GenerationRecord serves = history.find(number);
        if (serves == null) {
            throw new IOException("generation " + number + " is not kept");
        }
        return serves;
    }

    /** What a file of the configuration says; nothing where there is none of that name. */
    String text(String file) throws IOException {
        return texts().getOrDefault(file, "");
    }

    private Map<String, String> texts() throws IOException {
        return history.texts(serves());
    }

    /** The file in which the part stands; the main one where it stands in none. */
    String file(YamlEdit edit) throws IOException {
        return texts().entrySet().stream()
                .filter(each -> edit.line(each.getValue()) > 0)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(String.valueOf(configFile.getFileName()));
    }
}
