package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.config.WrittenConfig;
import dev.sallyport.kernel.config.WrittenSecrets;
import dev.sallyport.kernel.deploy.Upload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A whole configuration in the body of a call: YAML of one file, or JSON with several: {@code {"main": "gateway.yaml",
 * "files": {"gateway.yaml": "…", "conf.d/shop.yaml": "…"}, "scripts": {"add-region.js": "…"}}}.
 */
final class UploadBody {

    static final String JSON = "application/json";
    static final String YAML = "application/yaml";
    static final long MOST_BYTES = 32L << 20;

    private UploadBody() {}

    /** @param main what the gateway's own main file is called */
    static Upload read(Call call, String main) throws IOException, RefusedCallException {
        boolean bringsCode = call.caller().may(Role.ADMIN);
        if (call.mediaType().equals(YAML)) {
            String text = new String(call.body(), StandardCharsets.UTF_8);
            refuseHidden("", text);
            return new Upload(Map.of(main, text), null, bringsCode, false, call.generation());
        }
        JsonNode json;
        try {
            json = JsonMapper.shared().readTree(call.body());
        } catch (JacksonException e) {
            throw RefusedCallException.badRequest("the body is no JSON: " + e.getOriginalMessage());
        }
        Map<String, String> files = texts(json.path("files"), "files");
        String named = json.path("main").asString(main);
        String text = files.remove(named);
        if (text == null) {
            throw RefusedCallException.badRequest(
                    "main: " + named + " (expected: one of files: " + String.join(", ", files.keySet()) + ")");
        }
        if (files.putIfAbsent(main, text) != null) {
            throw RefusedCallException.badRequest("files: " + main + " (expected: another name; " + named
                    + " takes the place of the gateway's own " + main + ")");
        }
        for (String each : files.values()) {
            refuseHidden("", each);
        }
        return new Upload(files, scripts(json.get("scripts")), bringsCode, false, call.generation());
    }

    /** What was shown in the place of a secret, and comes back as it was, would replace the secret. */
    static void refuseHidden(String before, String after) throws RefusedCallException {
        if (WrittenSecrets.isHiddenAnywhere(after) && !WrittenSecrets.isHiddenAnywhere(before)) {
            throw RefusedCallException.badRequest("the body has " + WrittenConfig.HIDDEN + ", which stands for a secret"
                    + " that is written out (expected: the secret, or better a reference such as ${env:NAME})");
        }
    }

    private static @Nullable Map<String, byte[]> scripts(@Nullable JsonNode json) throws RefusedCallException {
        if (json == null || json.isNull()) {
            return null;
        }
        Map<String, byte[]> scripts = new TreeMap<>();
        texts(json, "scripts").forEach((name, text) -> scripts.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return scripts;
    }

    private static Map<String, String> texts(JsonNode json, String key) throws RefusedCallException {
        if (!json.isObject()) {
            throw RefusedCallException.badRequest(key + ": " + json.getNodeType() + " (expected: texts by file name)");
        }
        Map<String, String> texts = new TreeMap<>();
        for (Map.Entry<String, JsonNode> each : json.properties()) {
            String name = each.getKey();
            if (name.isEmpty() || name.startsWith("/") || name.contains("\\") || name.matches("(.*/)?\\.{0,2}(/.*)?")) {
                throw RefusedCallException.badRequest(
                        key + ": " + name + " (expected: a name such as conf.d/shop.yaml, relative and without dots)");
            }
            if (!each.getValue().isString()) {
                throw RefusedCallException.badRequest(key + "." + name + " (expected: a text)");
            }
            texts.put(name, each.getValue().asString());
        }
        return texts;
    }
}
