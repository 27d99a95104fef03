package dev.sallyport.kernel.plugin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code data/plugins.json}: the {@link PluginState} on disk, replaced whole at each change. For one thread at a time. */
final class StateFile {

    private static final System.Logger LOG = System.getLogger("plugins");
    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    private final Path path;
    private final PartFile.Observer observer;

    /** @param data the folder that it lies in; it exists */
    StateFile(Path data, PartFile.Observer observer) {
        this.folder = data;
        this.path = data.resolve("plugins.json");
        this.observer = observer;
    }

    /** What it holds; nothing where it does not exist. One that cannot be read is put aside, and said so. */
    PluginState read() throws IOException {
        if (!Files.exists(path)) {
            return PluginState.EMPTY;
        }
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(path));
            return new PluginState(
                    map(
                            root.path("serving"),
                            each -> new PluginState.Serving(text(each, "version"), text(each, "sha256"))),
                    map(
                            root.path("files"),
                            each -> new PluginState.Seen(
                                    text(each, "id"), text(each, "version"), text(each, "sha256"), instant(each))),
                    map(
                            root.path("declined"),
                            each -> new PluginState.Declined(
                                    text(each, "id"), text(each, "version"), text(each, "reason"), instant(each))),
                    map(
                            root.path("installed"),
                            each -> new PluginState.Installed(
                                    text(each, "id"), text(each, "version"), text(each, "author"), instant(each))),
                    map(root.path("served"), StateFile::served));
        } catch (JacksonException | DateTimeException e) {
            Path aside = path.resolveSibling(path.getFileName() + ".damaged");
            Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} cannot be read and is kept as {1}: which versions served and what was declined is forgotten"
                            + " ({2})",
                    path,
                    aside.getFileName(),
                    e instanceof JacksonException json ? json.getOriginalMessage() : e.getMessage());
            return PluginState.EMPTY;
        }
    }

    /** Deletes what was being written when a process was killed. Only at start, by the one whose folder it is. */
    void sweep() {
        try {
            PartFile.sweep(folder);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "{0} cannot be tidied: {1}", folder, e.toString());
        }
    }

    /** Replaces it. */
    void write(PluginState state) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode serving = root.putObject("serving");
        new TreeMap<>(state.serving())
                .forEach((id, each) ->
                        serving.putObject(id).put("version", each.version()).put("sha256", each.sha256()));
        ObjectNode files = root.putObject("files");
        new TreeMap<>(state.files())
                .forEach((name, each) -> files.putObject(name)
                        .put("id", each.id())
                        .put("version", each.version())
                        .put("sha256", each.sha256())
                        .put("since", each.since().toString()));
        ObjectNode declined = root.putObject("declined");
        new TreeMap<>(state.declined())
                .forEach((hash, each) -> declined.putObject(hash)
                        .put("id", each.id())
                        .put("version", each.version())
                        .put("reason", each.reason())
                        .put("since", each.since().toString()));
        ObjectNode installed = root.putObject("installed");
        new TreeMap<>(state.installed())
                .forEach((hash, each) -> installed
                        .putObject(hash)
                        .put("id", each.id())
                        .put("version", each.version())
                        .put("author", each.author())
                        .put("since", each.since().toString()));
        ObjectNode served = root.putObject("served");
        new TreeMap<>(state.served()).forEach((id, list) -> {
            ArrayNode array = served.putArray(id);
            list.forEach(
                    each -> array.addObject().put("version", each.version()).put("sha256", each.sha256()));
        });
        try (PartFile part = PartFile.open(folder, observer)) {
            part.write(ByteBuffer.wrap(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root)));
            part.force();
            part.rename(path);
        }
    }

    private static <T> Map<String, T> map(JsonNode node, Function<JsonNode, T> value) {
        Map<String, T> map = new HashMap<>();
        node.properties().forEach(each -> map.put(each.getKey(), value.apply(each.getValue())));
        return map;
    }

    private static List<PluginState.Serving> served(JsonNode list) {
        List<PluginState.Serving> served = new ArrayList<>();
        list.forEach(each -> served.add(new PluginState.Serving(text(each, "version"), text(each, "sha256"))));
        return served;
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).asString("");
    }

    private static Instant instant(JsonNode node) {
        return Instant.parse(text(node, "since"));
    }
}
