package dev.sallyport.plugins.validation;

import dev.sallyport.plugins.validation.JsonReader.MalformedJsonException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file that the operator wrote: JSON, or YAML 1.2 where its name ends in {@code .yaml} or {@code .yml}.
 *
 * @param file where it is
 * @param root what it says
 */
record Document(Path file, JsonNode root) {

    private static final int MOST_BYTES = 128 * 1024 * 1024;
    private static final int DEEPEST = 500;

    /** How often nodes may be told in all: aliases make a short text say a lot. */
    private static final int MOST_NODES = 10_000_000;

    /** What is wrong with a file; the message begins with the place. */
    static final class DocumentException extends Exception {

        private static final long serialVersionUID = 1;

        DocumentException(String message) {
            super(message);
        }
    }

    /** Reads a file. */
    static Document read(Path file) throws DocumentException {
        byte[] bytes = bytes(file);
        try {
            if (isYaml(file)) {
                Node root = compose(bytes).orElseThrow(() -> new DocumentException(file + " is empty"));
                return new Document(file, new Tree().of(root, 0));
            }
            return new Document(file, new JsonReader(DEEPEST).read(bytes));
        } catch (MalformedJsonException e) {
            throw new DocumentException(file + ": " + e.getMessage());
        } catch (MarkedYamlEngineException e) {
            String place = e.getProblemMark().map(Document::text).orElse("");
            throw new DocumentException(file + place + " is not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new DocumentException(file + " is not YAML: " + e.getMessage());
        }
    }

    private static byte[] bytes(Path file) throws DocumentException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new DocumentException(file + " is too large (expected: at most 128MiB)");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new DocumentException(file + " is not there (expected: a file)");
        } catch (IOException e) {
            throw new DocumentException(file + " cannot be read (expected: a readable file): " + e.getMessage());
        }
    }

    private static boolean isYaml(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    private static Optional<Node> compose(byte[] bytes) {
        return new Compose(LoadSettings.builder()
                        .setSchema(new CoreSchema())
                        .setCodePointLimit(MOST_BYTES)
                        .setUseMarks(true)
                        .build())
                .composeString(new String(bytes, StandardCharsets.UTF_8));
    }

    private static String text(Mark mark) {
        return ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
    }

    /** The file with line and column of what a JSON Pointer leads to; as far as the file still says that. */
    String place(String pointer) {
        try {
            Node node = compose(Files.readAllBytes(file)).orElse(null);
            String at = "";
            String[] segments = pointer.split("/", -1);
            for (int i = 1; i < segments.length && node != null; i++) {
                node = below(node, segments[i].replace("~1", "/").replace("~0", "~"));
                if (node != null) {
                    at = node.getStartMark().map(Document::text).orElse(at);
                }
            }
            return file + at;
        } catch (IOException | YamlEngineException | StackOverflowError changed) {
            return file.toString();
        }
    }

    private static @Nullable Node below(Node node, String segment) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                if (entry.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(segment)) {
                    return entry.getValueNode();
                }
            }
        }
        if (node instanceof SequenceNode sequence
                && segment.matches("\\d{1,9}")
                && Integer.parseInt(segment) < sequence.getValue().size()) {
            return sequence.getValue().get(Integer.parseInt(segment));
        }
        return null;
    }

    private static final class Tree {

        private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
        private int count;

        JsonNode of(Node node, int depth) {
            if (++count > MOST_NODES || depth > DEEPEST) {
                throw new YamlEngineException("it says too much, or aliases that lead back to themselves");
            }
            return switch (node) {
                case MappingNode mapping -> mapping(mapping, depth);
                case SequenceNode sequence -> {
                    ArrayNode array = NODES.arrayNode();
                    sequence.getValue().forEach(item -> array.add(of(item, depth + 1)));
                    yield array;
                }
                case ScalarNode scalar -> scalar(scalar);
                default -> throw new YamlEngineException("an unknown kind of node");
            };
        }

        private JsonNode mapping(MappingNode mapping, int depth) {
            ObjectNode object = NODES.objectNode();
            for (NodeTuple entry : mapping.getValue()) {
                if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                    throw new YamlEngineException("a key that is no text" + place(entry.getKeyNode()));
                }
                if (object.has(key.getValue())) {
                    throw new YamlEngineException("the key " + key.getValue() + " stands twice" + place(key));
                }
                object.set(key.getValue(), of(entry.getValueNode(), depth + 1));
            }
            return object;
        }

        private static String place(Node node) {
            return node.getStartMark()
                    .map(mark -> " at " + text(mark).substring(1))
                    .orElse("");
        }

        private static JsonNode scalar(ScalarNode scalar) {
            String value = scalar.getValue();
            Tag tag = scalar.getTag();
            try {
                if (tag.equals(Tag.NULL)) {
                    return NODES.nullNode();
                }
                if (tag.equals(Tag.BOOL)) {
                    return NODES.booleanNode(value.equalsIgnoreCase("true"));
                }
                if (tag.equals(Tag.INT)) {
                    BigInteger number = value.startsWith("0x")
                            ? new BigInteger(value.substring(2), 16)
                            : value.startsWith("0o") ? new BigInteger(value.substring(2), 8) : new BigInteger(value);
                    return number.bitLength() < 64 ? NODES.numberNode(number.longValue()) : NODES.numberNode(number);
                }
                if (tag.equals(Tag.FLOAT)) {
                    return NODES.numberNode(new BigDecimal(value));
                }
            } catch (NumberFormatException notANumber) {
                // .inf and .nan, which JSON does not have
            }
            return NODES.stringNode(value);
        }
    }
}
