package dev.sallyport.plugins.validation;

import dev.sallyport.plugins.validation.Document.DocumentException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An OpenAPI document and the files beside it that its references name. All of them are read, and every reference is seen to
 * lead somewhere, before anything is made of it. Immutable once read, and thread-safe.
 */
final class ApiFiles {

    private static final int MOST_FILES = 1_000;
    private static final int LONGEST_CHAIN = 50;

    /** What is below these is data, where a key {@code $ref} means nothing. */
    private static final Set<String> DATA = Set.of("enum", "const", "default", "example", "examples", "mapping");

    private static final List<String> FLAGS = List.of("readOnly", "writeOnly");
    private static final List<String> LISTS = List.of("allOf", "anyOf", "oneOf");

    private final Path main;
    private final Map<Path, Document> documents = new LinkedHashMap<>();

    private ApiFiles(Path main) {
        this.main = main;
    }

    /** A place in a document. */
    record Node(Document document, String pointer, JsonNode value) {

        /** Two are equal where they are at the same place; comparing what stands there would take long. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Node that
                    && pointer.equals(that.pointer)
                    && document.file().equals(that.document.file());
        }

        @Override
        public int hashCode() {
            return pointer.hashCode();
        }

        /** What a key leads to; a missing node where it leads nowhere. */
        Node get(String key) {
            return new Node(document, pointer + "/" + Pointers.escaped(key), value.path(key));
        }

        Node get(int index) {
            return new Node(document, pointer + "/" + index, value.path(index));
        }

        boolean exists() {
            return !value.isMissingNode() && !value.isNull();
        }

        /** A text; {@code ""} where there is none. */
        String text(String key) {
            return value.path(key).asString("");
        }

        boolean flag(String key, boolean otherwise) {
            return value.path(key).asBoolean(otherwise);
        }

        DocumentException wrong(String what) {
            return new DocumentException(
                    document.place(pointer) + " " + (pointer.isEmpty() ? "" : pointer + ": ") + what);
        }
    }

    /**
     * Reads a document and what belongs to it.
     *
     * @throws DocumentException where one cannot be read, or a reference leads nowhere
     */
    static ApiFiles read(Path file) throws DocumentException {
        Path main = file.toAbsolutePath().normalize();
        ApiFiles files = new ApiFiles(main);
        files.add(main);
        return files;
    }

    private void add(Path file) throws DocumentException {
        if (documents.size() == MOST_FILES) {
            throw new DocumentException(
                    file + ": more than " + MOST_FILES + " files belong together (expected: fewer)");
        }
        Document document = Document.read(file);
        documents.put(file, document);
        Set<Path> others = new LinkedHashSet<>();
        look(document, document.root(), new StringBuilder(), others);
        for (Path other : others) {
            if (!documents.containsKey(other)) {
                add(other);
            }
        }
        if (file.equals(main)) {
            for (Document each : documents.values()) {
                follow(each, each.root(), new StringBuilder());
            }
        }
    }

    /** Finds the files that references name, and takes out what says nothing but confuses the library. */
    private void look(Document document, JsonNode value, StringBuilder at, Set<Path> others) throws DocumentException {
        if (value instanceof ObjectNode object) {
            JsonNode reference = object.path("$ref");
            if (reference.isString() && !reference.asString().startsWith("#")) {
                others.add(file(new Node(document, at.toString(), value), reference.asString()));
            }
            // "readOnly: false" is taken for "readOnly: true" by the library.
            for (String flag : FLAGS) {
                if (object.path(flag).isBoolean() && !object.path(flag).asBoolean()) {
                    object.remove(flag);
                }
            }
        }
        below(value, at, (below, path) -> look(document, below, path, others));
    }

    /** What is done with each value that may be, or hold, a reference. */
    private interface Visit {
        void of(JsonNode value, StringBuilder at) throws DocumentException;
    }

    /** Pointers are written as the tree is walked: a text for each of millions of values would take long. */
    private static void below(JsonNode value, StringBuilder at, Visit visit) throws DocumentException {
        int length = at.length();
        if (value.isObject()) {
            for (var property : value.properties()) {
                String key = property.getKey();
                if (property.getValue().isContainer() && !DATA.contains(key) && !key.startsWith("x-")) {
                    visit.of(property.getValue(), at.append('/').append(Pointers.escaped(key)));
                    at.setLength(length);
                }
            }
        }
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            if (value.get(i).isContainer()) {
                visit.of(value.get(i), at.append('/').append(i));
                at.setLength(length);
            }
        }
    }

    private Path file(Node from, String reference) throws DocumentException {
        int hash = reference.indexOf('#');
        String name = hash < 0 ? reference : reference.substring(0, hash);
        Path own = from.document().file();
        if (name.isEmpty()) {
            return own;
        }
        if (name.contains(":") || name.startsWith("/")) {
            throw from.wrong(
                    "$ref " + reference + " (expected: this document, or a file beside it; nothing is fetched)");
        }
        Path file = own.resolveSibling(URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8))
                .normalize();
        Path folder = main.getParent();
        if (folder != null && !file.startsWith(folder)) {
            throw from.wrong("$ref " + reference + " (expected: a file in the folder of the document or below)");
        }
        return file;
    }

    private void follow(Document document, JsonNode value, StringBuilder at) throws DocumentException {
        if (value.isObject()) {
            if (value.path("$ref").isString()) {
                target(new Node(document, at.toString(), value));
            }
            for (String word : LISTS) {
                JsonNode schemas = value.path(word);
                if (!schemas.isMissingNode()
                        && !schemas.isArray()
                        && !at.toString().endsWith("/properties")) {
                    throw new Node(document, at.toString(), value)
                            .get(word)
                            .wrong("is no list (expected: a list of schemas)");
                }
            }
        }
        below(value, at, (below, path) -> follow(document, below, path));
    }

    private Node target(Node node) throws DocumentException {
        String reference = node.text("$ref");
        int hash = reference.indexOf('#');
        Document document = documents.get(file(node, reference));
        String fragment = hash < 0 ? "" : reference.substring(hash + 1);
        if (document == null) {
            throw node.wrong("$ref " + reference + " (expected: a file that is there)");
        }
        if (!fragment.isEmpty() && !fragment.startsWith("/")) {
            return node; // an anchor, which the library finds
        }
        String pointer = URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
        Node target = new Node(document, pointer, document.root().at(pointer));
        if (target.value().isMissingNode()) {
            throw node.wrong("$ref " + reference + " (expected: something there)");
        }
        return target;
    }

    /** What a node stands for: the end of its references. */
    Node resolve(Node node) throws DocumentException {
        Node at = node;
        for (int i = 0; i < LONGEST_CHAIN; i++) {
            if (!at.value().path("$ref").isString()) {
                return at;
            }
            Node next = target(at);
            if (next.equals(at)) {
                return at;
            }
            at = next;
        }
        throw node.wrong("$ref leads in a circle (expected: an end)");
    }

    Node root() {
        Document document = documents.get(main);
        if (document == null) {
            throw new IllegalStateException(main + " is always there once it is read");
        }
        return new Node(document, "", document.root());
    }

    /** All files that were read. */
    Map<Path, Document> documents() {
        return documents;
    }
}
