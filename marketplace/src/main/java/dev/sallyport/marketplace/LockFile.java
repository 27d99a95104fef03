package dev.sallyport.marketplace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code plugins.lock}: exactly which jars a gateway has, so that others can have the same bytes. Immutable.
 *
 * @param plugins by id and version
 */
public record LockFile(List<Locked> plugins) {

    /** The most bytes that such a file may have. */
    public static final int MOST_BYTES = 1 << 20;

    private static final int MOST_PLUGINS = 1_000;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z.+-]{1,150}");
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * One jar.
     *
     * @param marketplace where it came from; {@code ""} where nobody knows
     * @param serving whether it serves the steps that name no version; the others are there for those that name one
     */
    public record Locked(String id, String version, String sha256, String marketplace, boolean serving) {}

    public LockFile {
        plugins = plugins.stream()
                .sorted(Comparator.comparing(Locked::id)
                        .thenComparing(Locked::version)
                        .thenComparing(Locked::sha256))
                .toList();
    }

    /** Its text: the same for the same jars, an entry a line, so that differences can be read. */
    public String toJson() {
        StringBuilder text = new StringBuilder("{\n  \"lock\": 1,\n  \"plugins\": [");
        String gap = "\n";
        for (Locked each : plugins) {
            ObjectNode entry = JSON.createObjectNode()
                    .put("id", each.id())
                    .put("version", each.version())
                    .put("sha256", each.sha256());
            if (!each.marketplace().isEmpty()) {
                entry.put("marketplace", each.marketplace());
            }
            if (each.serving()) {
                entry.put("serving", true);
            }
            text.append(gap).append("    ").append(JSON.writeValueAsString(entry));
            gap = ",\n";
        }
        return text.append(plugins.isEmpty() ? "]\n}\n" : "\n  ]\n}\n").toString();
    }

    /**
     * Reads one.
     *
     * @throws MalformedException where it is none; the message goes on where its name stood
     */
    public static LockFile parse(byte[] json) throws MalformedException {
        if (json.length > MOST_BYTES) {
            throw new MalformedException("has more than " + MOST_BYTES + " bytes");
        }
        JsonNode root = StrictJson.object(json);
        if (IndexFields.number(root, "lock", "its top") != 1) {
            throw new MalformedException("is of a later form than this gateway knows (expected: \"lock\": 1)");
        }
        List<Locked> plugins = new ArrayList<>();
        Set<String> hashes = new HashSet<>();
        for (JsonNode each : IndexFields.list(root, "plugins", MOST_PLUGINS, "its top")) {
            Locked locked = new Locked(
                    IndexFields.text(each, "id", IndexReader.ID, "plugins"),
                    IndexFields.text(each, "version", VERSION, "plugins"),
                    IndexFields.text(each, "sha256", SHA256, "plugins"),
                    IndexFields.text(each, "marketplace", "plugins"),
                    isServing(each));
            if (!hashes.add(locked.sha256())) {
                throw new MalformedException("names the jar " + locked.sha256() + " twice");
            }
            plugins.add(locked);
        }
        return new LockFile(plugins);
    }

    private static boolean isServing(JsonNode entry) throws MalformedException {
        JsonNode serving = entry.path("serving");
        if (!serving.isMissingNode() && !serving.isBoolean()) {
            throw new MalformedException("has neither true nor false in the field serving at plugins");
        }
        return serving.asBoolean(false);
    }
}
