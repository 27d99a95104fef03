package dev.sallyport.plugins.elk;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Puts into Elasticsearch what the records need: lifecycle policy, component templates, index template. Each has a version in its
 * {@code _meta}, and is replaced only by a newer one, or by one of the same version with other settings; a gateway that was not
 * upgraded yet leaves it alone.
 */
final class Installation {

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
        if (dataStreams) {
            Node.Answer there = node.request("GET", "/_ilm/policy/" + Names.BASE, null);
            policy = there.isOk() || there.status() == 404;
            if (policy) {
                Trouble trouble = put(
                        node,
                        "/_ilm/policy/" + Names.BASE,
                        "{\"policy\":" + filled("lifecycle.json") + "}",
                        there.isOk() ? meta(there.body(), Names.BASE, "policy") : null);
                if (trouble != null) {
                    return trouble;
                }
            }
        }
        Trouble trouble = component(node, Names.BASE + "-mappings", filled("mappings.json"));
        if (trouble == null) {
            String settings = policy ? "{\"index.lifecycle.name\":\"" + Names.BASE + "\"}" : "{}";
            trouble = component(
                    node,
                    Names.BASE + "-settings",
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
        JsonObject meta = there.isOk()
                ? meta(there.body().getJsonArray("component_templates").getJsonObject(0), "component_template")
                : null;
        return put(node, path, json, meta);
    }

    private @Nullable Trouble template(Node node, boolean dataStreams) throws IOException {
        String path = "/_index_template/" + Names.template(stream);
        Node.Answer there = node.request("GET", path, null);
        JsonObject meta = there.isOk()
                ? meta(there.body().getJsonArray("index_templates").getJsonObject(0), "index_template")
                : null;
        String what = "\"index_patterns\":[\"" + Names.pattern(stream) + "\"],\"priority\":250,"
                + (dataStreams ? "\"data_stream\":{}," : "")
                + "\"composed_of\":[\"" + Names.BASE + "-mappings\",\"" + Names.BASE + "-settings\"]";
        return put(node, path, "{" + what + "," + metaMember(what) + "}", meta);
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

    private static @Nullable Trouble put(Node node, String path, String json, @Nullable JsonObject meta)
            throws IOException {
        if (meta != null && !isOlder(meta, Node.parse(json))) {
            return null;
        }
        Node.Answer made = node.request("PUT", path, json);
        return made.isOk() ? null : trouble(path.substring(1), made);
    }

    private static boolean isOlder(JsonObject there, JsonObject wanted) {
        int version = there.getInt("version", 0);
        JsonObject own = wanted.containsKey("policy")
                ? wanted.getJsonObject("policy").getJsonObject("_meta")
                : wanted.getJsonObject("_meta");
        return version < VERSION
                || (version == VERSION && !there.getString("settings", "").equals(own.getString("settings", "")));
    }

    private static Trouble trouble(String what, Node.Answer answer) {
        boolean refused = answer.status() == 401 || answer.status() == 403;
        return new Trouble(
                refused || answer.status() == 400 ? Trouble.Kind.REFUSED : Trouble.Kind.AWAY,
                what + " cannot be made: " + answer.reason());
    }

    private static @Nullable JsonObject meta(JsonObject around, String... path) {
        JsonObject at = around;
        for (String name : path) {
            at = at.containsKey(name) ? at.getJsonObject(name) : at;
        }
        return at.containsKey("_meta") ? at.getJsonObject("_meta") : JsonValue.EMPTY_JSON_OBJECT;
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
