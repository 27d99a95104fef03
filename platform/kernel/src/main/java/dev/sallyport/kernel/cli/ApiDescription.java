package dev.sallyport.kernel.cli;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An OpenAPI document, as far as routes can be told from it. For one thread. */
final class ApiDescription {

    private static final int MOST_BYTES = 128 << 20;
    private static final int LONGEST_CHAIN = 20;

    private final Map<Path, JsonNode> files = new HashMap<>();
    private final Path main;

    private ApiDescription(Path main) {
        this.main = main;
    }

    /** A value and the file in which it stands. */
    record Node(Path file, JsonNode value) {}

    static ApiDescription read(Path file) throws CommandException {
        ApiDescription description = new ApiDescription(file.toAbsolutePath().normalize());
        String version = description.root().path("openapi").asString("");
        if (!version.startsWith("3.0") && !version.startsWith("3.1")) {
            String found = description.root().has("swagger")
                    ? "swagger: " + description.root().path("swagger").asString("")
                    : "openapi: " + version;
            throw new CommandException(file + ": " + found + " (expected: OpenAPI 3.0 or 3.1)");
        }
        return description;
    }

    JsonNode root() throws CommandException {
        return file(main);
    }

    /** What a path item stands for; references to this document and to files beside it are followed. */
    Node resolve(JsonNode item) throws CommandException {
        Node at = new Node(main, item);
        for (int i = 0; i < LONGEST_CHAIN && at.value().path("$ref").isString(); i++) {
            String reference = at.value().path("$ref").asString();
            int hash = reference.indexOf('#');
            String name = hash < 0 ? reference : reference.substring(0, hash);
            String pointer = hash < 0 ? "" : URLDecoder.decode(reference.substring(hash + 1), StandardCharsets.UTF_8);
            if (name.contains(":") || (!pointer.isEmpty() && !pointer.startsWith("/"))) {
                throw new CommandException("$ref: " + reference + " (expected: a place in a file)");
            }
            Path file =
                    name.isEmpty() ? at.file() : at.file().resolveSibling(name).normalize();
            at = new Node(file, file(file).at(pointer));
        }
        return at;
    }

    private JsonNode file(Path file) throws CommandException {
        JsonNode known = files.get(file);
        if (known == null) {
            known = load(file);
            files.put(file, known);
        }
        return known;
    }

    private static JsonNode load(Path file) throws CommandException {
        String name = file.toString().toLowerCase(Locale.ROOT);
        try {
            String text = Files.readString(file);
            if (!name.endsWith(".yaml") && !name.endsWith(".yml")) {
                return JsonMapper.shared().readTree(text);
            }
            LoadSettings settings = LoadSettings.builder()
                    .setSchema(new CoreSchema())
                    .setLabel(file.toString())
                    .setCodePointLimit(MOST_BYTES)
                    .build();
            return JsonMapper.shared().valueToTree(new Load(settings).loadFromString(text));
        } catch (NoSuchFileException e) {
            throw new CommandException(file + " is not there");
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read: " + e.getMessage());
        } catch (JacksonException | YamlEngineException e) {
            throw new CommandException(file + " cannot be understood: " + e.getMessage());
        }
    }
}
