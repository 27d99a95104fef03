package dev.sallyport.plugins.elk;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts into Elasticsearch what the records need: lifecycle policy, component templates, index template. Each has a version in its
 * {@code _meta}, and is replaced only by a newer one, or by one of the same version with other settings; a gateway that was not
 * upgraded yet leaves it alone.
 */
final class Installation {

    /** How a server answers that has no lifecycle policies: it does not know the path, or offers it not (as serverless does). */
    private static final Set<Integer> NO_SUCH_API = Set.of(400, 405, 410);

    /** Raised with each change of what is in the resources. */
    static final int VERSION = 1;

    private final String stream;
    private final Lifecycle lifecycle;

    Installation(String stream, Lifecycle lifecycle) {
        this.stream = stream;
        this.lifecycle = lifecycle;
    }

    /**
     * Installs what is missing or older.
     *
     * @param dataStreams whether the server has data streams; else there is an alias
     * @return what is in the way; null where all is there
     * @throws IOException where the server does not answer
     */
    @Nullable
    Trouble install(Node node, boolean dataStreams) throws IOException {
        boolean policy = false;
        String name = Names.of(stream);
        if (dataStreams) {
            String path = "/_ilm/policy/" + name;
            Node.Answer there = node.request("GET", path, null);
            policy = !NO_SUCH_API.contains(there.status());
            if (policy) {
                Trouble trouble =
                        put(node, path, "{\"policy\":" + filled("lifecycle.json") + "}", there, name, "policy");
                if (trouble != null) {
                    return trouble;
                }
            }
        }
        Trouble trouble = component(node, Names.MAPPINGS, filled("mappings.json"));
        if (trouble == null) {
            String settings = policy ? "{\"index.lifecycle.name\":\"" + name + "\"}" : "{}";
            trouble = component(
                    node,
                    Names.settings(stream),
                    "{\"template\":{\"settings\":" + settings + "}," + metaMember(settings) + "}");
        }
        if (trouble == null) {
            trouble = template(node, dataStreams);
        }
        return trouble != null || dataStreams ? trouble : alias(node);
    }

    private @Nullable Trouble component(Node node, String name, String json) throws IOException {
        String path = "/_component_template/" + name;
        Node.Answer there = node.request("GET", path, null);
        return put(node, path, json, there, "component_templates", "component_template");
    }

    private @Nullable Trouble template(Node node, boolean dataStreams) throws IOException {
        String path = "/_index_template/" + Names.of(stream);
        Node.Answer there = node.request("GET", path, null);
        String what = "\"index_patterns\":[\"" + Names.pattern(stream, dataStreams) + "\"],\"priority\":250,"
                + (dataStreams ? "\"data_stream\":{}," : "")
                + "\"composed_of\":[\"" + Names.MAPPINGS + "\",\"" + Names.settings(stream) + "\"]";
        return put(node, path, "{" + what + "," + metaMember(what) + "}", there, "index_templates", "index_template");
    }

    /** Without data streams, an alias over numbered indices does the same. */
    private @Nullable Trouble alias(Node node) throws IOException {
        Node.Answer there = node.request("GET", "/_alias/" + stream, null);
        if (there.status() != 404) {
            return there.isOk() ? null : trouble("the alias " + stream, there);
        }
        Node.Answer made = node.request(
                "PUT", "/" + stream + "-000001", "{\"aliases\":{\"" + stream + "\":{\"is_write_index\":true}}}");
        boolean another = made.reason().contains("resource_already_exists");
        return made.isOk() || another ? null : trouble("the index " + stream + "-000001", made);
    }

    /**
     * Puts a thing where there is none, or one of ours that is older. One that somebody else has made is left alone, and a server
     * that does not say what it has is asked again later.
     */
    private static @Nullable Trouble put(Node node, String path, String json, Node.Answer there, String... toMeta)
            throws IOException {
        if (there.isOk()) {
            JsonObject meta = meta(there.body(), toMeta);
            if (meta == null || !isOlder(meta, Node.parse(json))) {
                return null;
            }
        } else if (there.status() != 404) {
            return trouble(path.substring(1), there);
        }
        Node.Answer made = node.request("PUT", path, json);
        return made.isOk() ? null : trouble(path.substring(1), made);
    }

    private static boolean isOlder(JsonObject there, JsonObject wanted) {
        if (!(there.get("version") instanceof JsonNumber number)) {
            return false; // not made by us
        }
        int version = number.intValue();
        JsonObject own = wanted.containsKey("policy")
                ? wanted.getJsonObject("policy").getJsonObject("_meta")
                : wanted.getJsonObject("_meta");
        return version < VERSION
                || (version == VERSION && !there.getString("settings", "").equals(own.getString("settings", "")));
    }

    private static Trouble trouble(String what, Node.Answer answer) {
        int status = answer.status();
        Trouble.Kind kind = switch (status) {
            case 400, 401, 403 -> Trouble.Kind.REFUSED;
            default -> status == 429 || status >= 500 ? Trouble.Kind.BUSY : Trouble.Kind.AWAY;
        };
        return new Trouble(kind, what + " cannot be made: " + answer.reason());
    }

    private static @Nullable JsonObject meta(JsonObject around, String... path) {
        @Nullable JsonValue at = around;
        for (String name : path) {
            at = at instanceof JsonObject object ? object.get(name) : null;
            at = at instanceof JsonArray all && !all.isEmpty() ? all.getFirst() : at;
        }
        return at instanceof JsonObject object && object.get("_meta") instanceof JsonObject meta ? meta : null;
    }

    private static String metaMember(String what) {
        return "\"_meta\":{\"managed_by\":\"sallyport\",\"version\":" + VERSION + ",\"settings\":\""
                + Integer.toHexString(what.hashCode()) + "\"}";
    }

    /** A resource with the settings of the step in it. */
    private String filled(String resource) {
        String text = resource(resource)
                .replace("@rolloverAge@", lifecycle.rolloverAge().toHours() + "h")
                .replace("@rolloverSize@", lifecycle.rolloverSize().bytes() + "b")
                .replace("@deleteAfter@", lifecycle.deleteAfter().toHours() + "h");
        return text.replace("@meta@", metaMember(text));
    }

    static String resource(String name) {
        try (InputStream in = Installation.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the plugin");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
